import { scaleSize, shortest, sizeToG } from "../size";
import { type BareMetalServer, type ImageFile, usableCores } from "../world/node";
import { availableSpace, freeMemory, systemDiskKib } from "./accounting";
import { shareableImages } from "./images";
import type { NodeRequest } from "./request";
import type { Site } from "./site";

const resting = new Set(["closed", "create error", "start error", "shutdown error", "poweroff error"]);
const failed = new Set(["restart error", "reset error"]);

/** The public address with its first and third part hidden. */
function maskedIp(ip: string): string {
  return ip
    .split(".")
    .map((part, index) => (index === 0 || index === 2 ? "*" : part))
    .join(".");
}

/** POST /mining_nodes with one id (reference e); nobody is asked who he is. */
export function showNode(site: Site, request: NodeRequest): string {
  const { node } = site;
  const { hardware } = node;
  const busy = site.tasks().filter((task) => !resting.has(task.status) && !failed.has(task.status));
  const gpusUsed = busy.reduce((sum, task) => sum + task.gpus.length, 0);
  const cores = usableCores(hardware);
  const coresUsed = site
    .tasks()
    .filter((task) => task.domain === "running")
    .reduce((sum, task) => sum + task.cpu.sockets * task.cpu.cores * task.cpu.threads, 0);
  const free = freeMemory(site);
  const disks = hardware.directories.map((directory) => {
    const available = availableSpace(site, directory.path);
    const shown =
      directory.path === "/data"
        ? Math.max(0, Math.min(directory.sizeKib - systemDiskKib, available))
        : available;
    const used = 100 * (1 - available / directory.sizeKib);
    return `{"path":"${directory.path}","type":"${directory.type}","size":"${sizeToG(directory.sizeKib)}","free":"${sizeToG(shown)}","used_usage":"${shortest(used)}%"}`;
  });
  const memoryUsed = 100 * (1 - free / hardware.memoryKib);
  const parts = [
    `"version":"${node.version}"`,
    '"node_type":"1"',
    `"ip":"${maskedIp(node.publicIp)}"`,
    `"os":"${node.os}"`,
    `"cpu":{"type":"${hardware.cpuType}","hz":"${hardware.hz}","cores":"${cores}","used_usage":"${shortest((100 * coresUsed) / cores)}%","physical_cpus":"${hardware.sockets}"}`,
    `"gpu":{"gpu_count":"${hardware.gpus.length}","gpu_used":"${gpusUsed}"}`,
    `"mem":{"size":"${sizeToG(hardware.memoryKib)}","free":"${sizeToG(free)}","used_usage":"${shortest(memoryUsed)}%"}`,
    `"disk_system":{"type":"${hardware.directories[0]?.type ?? "SSD"}","size":"350G"}`,
    `"disk_data":[${disks.join(",")}]`,
    `"images":[${shareableImages(site, request.imageServer).map(imageItem).join(",")}]`,
  ];
  return `{"errcode":0,"message":{${parts.join(",")}}}`;
}

function imageItem(image: Pick<ImageFile, "name" | "sizeBytes">): string {
  return `{"image_name":"${image.name}","image_size":"${scaleSize(Math.floor(image.sizeBytes / 1024))}"}`;
}

/** What is said of a bare-metal server. */
export function showServer(site: Site, server: BareMetalServer): string {
  const deeplink = server.deeplink;
  const extra = deeplink
    ? `,"deeplink":{"device_id":"${deeplink.deviceId}","device_password":"${"*".repeat(deeplink.devicePassword.length)}"}`
    : "";
  return `{"errcode":0,"message":{"version":"${site.node.version}","node_type":"2","ip":"${server.ip}","os":"${server.os}"${extra}}}`;
}

/** POST /rent_orders: what the node has cached of the chain, whatever order was asked for. */
export function showRentOrders(site: Site): string {
  const items = site.node.orders
    .slice(0, 51)
    .map(
      (order) =>
        `{"id":"${order.id}","renter":"${order.renter}","rent_end":"${order.endBlock}","rent_status":"${order.status}","gpu_nums":"${order.gpuIndexes.length}","gpu_index":[${order.gpuIndexes.join(",")}]}`,
    );
  return `{"errcode":0,"message":{"rent_orders":[${items.join(",")}]}}`;
}
