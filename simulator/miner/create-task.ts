import { base58Check } from "../base58check";
import { sentinelCreateFault } from "../fault";
import { type JsonObject, stringOf, stringsOf } from "../json";
import { atoi, fileTime, gib, uint16, wallTime } from "../size";
import { isRenting, orderOf } from "../world/chain";
import type { CreateFault } from "../world/job";
import type { CpuTopology, Task } from "../world/task";
import {
  allocateCpu,
  allocateGpus,
  allocateMemory,
  checkPublicIp,
  freeDisk,
  isLinux,
  isWindows,
  portConflict,
  systemDiskKib,
} from "./accounting";
import type { Authority } from "./authority";
import { isBusyImage, missingBackings } from "./image-files";
import { joinLan, useLan } from "./lan-table";
import { checkMulticast } from "./multicast";
import { closeLapsed } from "./pruning";
import { business, type NodeRequest, Refused } from "./request";
import type { Site } from "./site";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const passwordAlphabet = `${letters}0123456789_/+[]@#^`;

function refuse(text: string): never {
  throw new Refused(business, text);
}

/** POST /tasks/start: the checks in the node's order, each with its text (reference 2.1). */
export function createTask(site: Site, request: NodeRequest, authority: Authority): string {
  const { dice, faults } = site.engine;
  closeLapsed(site);
  sweepForeignDomains(site, request, "create");
  const wish = parseWish(site, request.additional, request.credentials.rentOrder, authority);
  const now = site.now;
  const id = wish.id;
  const file = (kind: string) => `/data/${kind}_${dice.below(100_000)}_${fileTime(now)}.qcow2`;
  const image = site.node.images.find((item) => item.name === wish.image);
  const disk = (name: string, path: string, shownKib: number, realKib: number) => ({
    name,
    file: path,
    shownKib,
    realKib,
  });
  const password = dice.text(1, letters) + dice.text(15, passwordAlphabet);
  const dataFile = site.node.files.find((item) => item.name === wish.dataFile);
  const task: Task = {
    id,
    wallet: authority.wallet,
    rentOrder: request.credentials.rentOrder,
    description: wish.description,
    os: wish.os,
    bios: wish.bios,
    image: wish.image,
    publicIp: wish.publicIp,
    sshPort: wish.sshPort,
    rdpPort: wish.rdpPort,
    vncPort: wish.vncPort,
    vncPassword: site.node.libvirtMajor >= 8 ? password.slice(0, 8) : password,
    loginUser: "",
    loginPassword: password,
    cpu: wish.cpu,
    memoryKib: wish.memoryKib,
    gpus: wish.gpus,
    customPorts: stringsOf(request.additional, "custom_port") ?? [],
    multicast: wish.multicast,
    network: wish.network,
    networkFilters: stringsOf(request.additional, "network_filters") ?? [],
    interfaceModel: wish.interfaceModel,
    disks:
      wish.bios === "pxe"
        ? []
        : [
            disk("vda", file("vm"), systemDiskKib, (image?.virtualGib ?? 40) * gib),
            wish.dataFile === ""
              ? disk("vdb", file("data"), wish.diskKib, wish.diskKib)
              : disk("vdb", `/data/${wish.dataFile}`, wish.diskKib, (dataFile?.virtualGib ?? 40) * gib),
          ],
    snapshots: [],
    snapshotStatus: {},
    createdAt: now,
    status: "creating",
    domain: null,
    bootedWith: null,
    forwarded: false,
    mac: `52:54:00:${[0, 0, 0].map(() => dice.hex(1)).join(":")}`,
    localIp: `192.168.122.${2 + dice.below(250)}`,
    uuid: dice.uuid(),
    log: site.node.oldLogs[id] ?? [],
  };
  delete site.node.oldLogs[id];
  site.node.tasks[id] = task;
  const mine = site.node.walletTasks[authority.wallet] ?? [];
  site.node.walletTasks[authority.wallet] = [...mine, id];
  const order = orderOf(site.node.orders, request.credentials.rentOrder, authority.wallet);
  if (order !== undefined && isRenting(order)) site.node.rentEnds[authority.wallet] = order.endBlock;
  joinLan(site, task);
  const occasion = { operation: request.operation, nodeId: site.node.id, taskId: id };
  const kinds = ["define-error", "boot-error", "no-address", "iptables-error", "agent-absent"] as const;
  const struck = faults.strike(kinds, occasion)?.kind;
  const fault: CreateFault | undefined =
    kinds.find((kind) => kind === struck) ?? sentinelCreateFault(wish.description, wish.image);
  site.engine.miner(site.node.id).enqueue({ kind: "create", fault }, id);
  return `{"errcode":0, "message":{"task_id":"${id}", "create_time":"${wallTime(now)}", "desc":"${wish.description}", "status":"creating"}}`;
}

/** Machines that the node doesn't know are looked for over up to 20 s, and then destroyed (reference 2.1). */
export function sweepForeignDomains(site: Site, request: NodeRequest, verb: string): void {
  const armed = site.strikes("foreign-domain", request);
  if (site.node.foreignDomains === 0 && !armed) return;
  site.node.foreignDomains = 0;
  throw new Refused(-3, `${verb} task failed, please try again in a minute`);
}

interface Wish {
  id: string;
  gpus: string[];
  description: string;
  os: string;
  bios: string;
  image: string;
  publicIp: string;
  sshPort: number;
  rdpPort: number;
  vncPort: number;
  cpu: CpuTopology;
  memoryKib: number;
  diskKib: number;
  dataFile: string;
  network: string;
  multicast: string[];
  interfaceModel: string;
}

function parseWish(site: Site, fields: JsonObject, rentOrder: string, authority: Authority): Wish {
  const verifies = authority.role === "verifier";
  const id = taskIdOf(site, fields, verifies);
  const { gpus, share } = gpusOf(site, fields, rentOrder, authority);
  const description = stringOf(fields, "desc");
  const os = (stringOf(fields, "operation_system") || "linux").toLowerCase();
  if (!isLinux(os) && !isWindows(os))
    refuse(`unsupported operation system: ${os} (usage: 'linux' 'windows')`);
  const bios = (stringOf(fields, "bios_mode") || "legacy").toLowerCase();
  if (!["legacy", "uefi", "pxe"].includes(bios))
    refuse(`unsupported bios mode: ${bios} (usage: 'legacy(default)'、'uefi'、'pxe')`);
  const image = stringOf(fields, "image_name");
  checkImage(site, image);
  const missing = bios === "pxe" ? [] : missingBackings(site.node, image);
  if (missing.length > 0) refuse(`image backfile not exist: ${missing.join(",")}`);
  const publicIp = stringOf(fields, "public_ip");
  checkPublicIp(site, publicIp);
  const sshPort = servicePort(site, fields, "ssh_port", isLinux(os), publicIp, 22);
  const rdpPort = servicePort(site, fields, "rdp_port", isWindows(os), publicIp, 3389);
  const vncPort = vncPortOf(site, fields);
  const cores = atoi(stringOf(fields, "cpu_cores"));
  if (cores <= 0) refuse("cpu_cores is invalid");
  const cpu = allocateCpu(site, cores, share) ?? refuse("allocate cpu failed");
  const memoryKib = atoi(stringOf(fields, "mem_size")) * gib;
  if (memoryKib <= 0) refuse("mem_size is invalid");
  if (!allocateMemory(site, memoryKib, share)) refuse("allocate mem failed");
  const { diskKib, dataFile } = bios === "pxe" ? { diskKib: 0, dataFile: "" } : diskOf(site, fields);
  const network = stringOf(fields, "network_name");
  if (network !== "") useLan(site, network);
  const multicast = stringsOf(fields, "multicast") ?? [];
  checkMulticast(multicast);
  const model = stringOf(fields, "interface_model_type");
  if (!["", "e1000", "rtl8139"].includes(model)) refuse("invalid interface model type");
  return {
    id,
    gpus,
    description,
    os,
    bios,
    image,
    publicIp,
    sshPort,
    rdpPort,
    vncPort,
    cpu,
    memoryKib,
    diskKib,
    dataFile,
    network,
    multicast,
    interfaceModel: model || "virtio",
  };
}

function taskIdOf(site: Site, fields: JsonObject, verifies: boolean): string {
  const { dice } = site.engine;
  const wanted = stringOf(fields, "task_id");
  if (wanted !== "") {
    if (wanted.length < 20 || wanted.length > 22) refuse("wrong task id length");
    if (!/^[0-9A-Za-z]+$/.test(wanted)) refuse("task id requires a combination of letters or numbers");
    if (site.node.tasks[wanted] !== undefined) refuse("task id already existed");
  }
  if (verifies) return `vm_check_${Math.floor(site.now / 1000)}`;
  if (wanted !== "") return wanted;
  for (;;) {
    const id = base58Check(`${dice.below(1_000_000)}${dice.below(1_000_000)}`);
    if (site.node.tasks[id] === undefined) return id;
  }
}

/** GPUs come first, and nothing is held back for them should a later check fail. */
function gpusOf(site: Site, fields: JsonObject, rentOrder: string, authority: Authority) {
  const all = site.node.hardware.gpus;
  const verifies = authority.role === "verifier";
  const rented = verifies
    ? all.map((_, index) => index)
    : (orderOf(site.node.orders, rentOrder, authority.wallet)?.gpuIndexes ?? []);
  if (rented.length === 0) refuse("order gpu index is empty");
  let count = atoi(stringOf(fields, "gpu_count"));
  if (count < 0) refuse("gpu_count is invalid (usage: gpu_count >= 0)");
  if (verifies) count = all.length;
  if (count > rented.length) refuse("gpu_count exceeds number of leases");
  let share = 1;
  if (rentOrder !== "") {
    if (all.length === 0) refuse("get gpu info failed");
    if (rented.length !== all.length) {
      if (count !== rented.length) refuse("only use the number what you exactly rented");
      share = count / all.length;
    }
  }
  const gpus = allocateGpus(site, count, rented) ?? refuse("allocate gpu failed");
  return { gpus, share };
}

function checkImage(site: Site, name: string): void {
  if (name === "") refuse("image_name is empty");
  if (!/\.qcow2$/.test(name)) refuse("'image_name' extension name is invalid");
  const known =
    [...site.node.images, ...site.node.files].some((file) => file.name === name) ||
    site.tasks().some((task) => task.disks.some((disk) => disk.file === `/data/${name}`)) ||
    // An image that names a fault needs no file.
    sentinelCreateFault(name) !== undefined;
  if (!known) refuse(`'image_name' is not exist (path:/data/${name})`);
  if (isBusyImage(site.node, name))
    refuse(`'image_name':${name} in downloading or uploading, please try again later`);
}

/** With a public address a missing or bad port becomes the usual one, and nobody looks whether it is taken. */
function servicePort(
  site: Site,
  fields: JsonObject,
  name: "ssh_port" | "rdp_port",
  applies: boolean,
  publicIp: string,
  usual: number,
): number {
  const text = stringOf(fields, name);
  const port = uint16(atoi(text));
  if (!applies) return port;
  const fault = text === "" ? `${name} is empty` : /^[0-9]+$/.test(text) ? "" : `${name} is not digit`;
  if (publicIp !== "") return fault === "" ? port : usual;
  if (fault !== "") refuse(fault);
  const conflict = portConflict(site, port);
  if (conflict !== undefined) refuse(conflict);
  return port;
}

function vncPortOf(site: Site, fields: JsonObject): number {
  const text = stringOf(fields, "vnc_port");
  if (text === "") refuse("vnc_port is empty");
  if (!/^[0-9]+$/.test(text)) refuse("vnc_port is not digit");
  const port = uint16(atoi(text));
  if (port < 5900) refuse("vnc_port is invalid (usage: [5900, 65535])");
  const conflict = portConflict(site, port);
  if (conflict !== undefined) refuse(conflict);
  return port;
}

function diskOf(site: Site, fields: JsonObject): { diskKib: number; dataFile: string } {
  const diskKib = atoi(stringOf(fields, "disk_size")) * gib;
  if (diskKib <= 0) refuse("disk_size is invalid (usage: disk_size > 0)");
  if (diskKib > freeDisk(site)) refuse("allocate disk failed");
  const dataFile = stringOf(fields, "data_file_name");
  const known =
    dataFile === "" ||
    [...site.node.files, ...site.node.images].some((file) => file.name === dataFile) ||
    site.tasks().some((task) => task.disks.some((disk) => disk.file === `/data/${dataFile}`));
  if (!known) refuse(`data_file_name is not exist, path: /data/${dataFile}`);
  return { diskKib, dataFile };
}
