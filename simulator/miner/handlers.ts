import { isLegacy } from "../legacy/generation";
import { openHandlers, renterHandlers } from "../legacy/handlers";
import type { BareMetalServer } from "../world/node";
import { type Authority, checkAuthority } from "./authority";
import { createTask } from "./create-task";
import { addDisk, deleteDisk, listDisks, resizeDisk } from "./disks";
import {
  deleteImage,
  downloadImage,
  downloadProgress,
  listImages,
  stopDownload,
  stopUpload,
  uploadImage,
  uploadProgress,
} from "./images";
import { createLan, deleteLan, listLans } from "./lans";
import { addServers, checkOwner, deleteServers, listServers, modifyServer } from "./metal-manager";
import { controlPower, setBootDevice, setDeeplink, showDeeplink, showOwnServer } from "./metal-power";
import { modifyTask } from "./modify-task";
import { listMonitors, setMonitors } from "./monitors";
import { showNode, showRentOrders, showServer } from "./node-info";
import { setPassword } from "./password";
import { generic, NoAnswer, type NodeRequest, okay, Refused } from "./request";
import type { Site } from "./site";
import { createSnapshot, deleteSnapshot, listSnapshots } from "./snapshots";
import { listTasks, showTask } from "./task-list";
import { showLog } from "./task-log";
import { taskVerbs } from "./task-verbs";

type Handler = (site: Site, request: NodeRequest, authority: Authority) => string;

interface Rule {
  readonly handler: Handler;
  /** `renter`: everybody who may use the machine; `no-verifier`: the chain's verifiers are turned away; `tolerant`: a failure only narrows the answer. */
  readonly access: "anybody" | "renter" | "no-verifier" | "tolerant";
}

const renter = (handler: Handler): Rule => ({ handler, access: "renter" });
const noVerifier = (handler: Handler): Rule => ({ handler, access: "no-verifier" });

/** What a compute node does, by operation. */
const compute: Readonly<Record<string, Rule>> = {
  "tasks.list": renter(listTasks),
  "tasks.detail": renter(showTask),
  "tasks.create": renter(createTask),
  "tasks.modify": renter(modifyTask),
  "tasks.passwd": renter(setPassword),
  "tasks.logs": renter(showLog),
  ...Object.fromEntries(Object.entries(taskVerbs).map(([name, verb]) => [name, renter(verb)])),
  "images.list": { handler: listImages, access: "tolerant" },
  "images.download": renter(downloadImage),
  "images.downloadprogress": renter(downloadProgress),
  "images.download_stop": renter(stopDownload),
  "images.upload": renter(uploadImage),
  "images.uploadprogress": renter(uploadProgress),
  "images.upload_stop": renter(stopUpload),
  "images.delete": renter(deleteImage),
  "disk.list": noVerifier(listDisks),
  "disk.resize": noVerifier(resizeDisk),
  "disk.add": noVerifier(addDisk),
  "disk.delete": noVerifier(deleteDisk),
  "snapshot.list": renter(listSnapshots),
  "snapshot.create": noVerifier(createSnapshot),
  "snapshot.delete": noVerifier(deleteSnapshot),
  "mining_nodes.info": { handler: showNode, access: "anybody" },
  "mining_nodes.session_id": renter(showSession),
  "mining_nodes.free_memory": renter(() => okay),
  rent_orders: { handler: showRentOrders, access: "anybody" },
  "monitor.list": noVerifier(listMonitors),
  "monitor.set": noVerifier(setMonitors),
  "lan.list": { handler: listLans, access: "anybody" },
  "lan.create": noVerifier(createLan),
  "lan.delete": noVerifier(deleteLan),
};

/** What a compute node of the older generation does; it has fewer words (reference g). */
const legacy: Readonly<Record<string, Rule>> = {
  "mining_nodes.session_id": renter(showSession),
  ...Object.fromEntries(Object.entries(renterHandlers).map(([name, handler]) => [name, renter(handler)])),
  ...Object.fromEntries(
    Object.entries(openHandlers).map(([name, handler]): [string, Rule] => [
      name,
      { handler, access: "anybody" },
    ]),
  ),
};

/** What a bare-metal server is asked. */
const server: Readonly<
  Record<
    string,
    { handler: (site: Site, request: NodeRequest, server: BareMetalServer) => string; verifiers: boolean }
  >
> = {
  "bare_metal.list": { handler: (site, _request, machine) => showOwnServer(site, machine), verifiers: true },
  "bare_metal.power": { handler: controlPower, verifiers: true },
  "bare_metal.bootdev": { handler: setBootDevice, verifiers: false },
  "deeplink.show": { handler: showDeeplink, verifiers: true },
  "deeplink.set": { handler: setDeeplink, verifiers: false },
};

/** What the manager of bare-metal servers is asked; all but the list is signed with its own key. */
const manager: Readonly<Record<string, (site: Site, request: NodeRequest) => string>> = {
  "bare_metal.list": listServers,
  "bare_metal.add": addServers,
  "bare_metal.delete": deleteServers,
  "bare_metal.modify": modifyServer,
};

const metalOperations = new Set([...Object.keys(server), ...Object.keys(manager)]);

/** Whether answering takes the chain (reference 0: seconds are normal). */
export function needsChain(operation: string): boolean {
  return compute[operation]?.access !== "anybody";
}

/** Carries a request out and returns the text of the answer. */
export function handle(site: Site, request: NodeRequest): string {
  site.libvirtDown = site.strikes("libvirt-outage", request);
  if (request.target !== site.node.id) return handleForServer(site, request);
  return site.node.role === "compute" ? handleForNode(site, request) : handleForManager(site, request);
}

function handleForNode(site: Site, request: NodeRequest): string {
  if (metalOperations.has(request.operation)) throw new Refused(generic, "Not supported");
  const rule = (isLegacy(site.node) ? legacy : compute)[request.operation];
  if (rule === undefined) throw new NoAnswer();
  const authority = authorise(site, request, rule.access);
  return rule.handler(site, request, authority);
}

const nobody: Authority = { success: false, reason: "", wallet: "", role: undefined };

function authorise(site: Site, request: NodeRequest, access: Rule["access"]): Authority {
  if (access === "anybody") return nobody;
  const authority = site.strikes("chain-unreachable", request)
    ? { ...nobody, reason: "query machine_status failed" }
    : checkAuthority(site, request.credentials);
  if (access === "tolerant") return authority;
  const welcome = authority.success && (access === "renter" || authority.role !== "verifier");
  if (!welcome) throw new Refused(generic, `check authority failed: ${authority.reason}`);
  return authority;
}

function handleForManager(site: Site, request: NodeRequest): string {
  const own = manager[request.operation];
  if (own !== undefined) {
    if (own !== listServers) checkOwner(site, request);
    return own(site, request);
  }
  // Nobody takes this one up, so that the caller runs into his time limit.
  if (request.operation === "mining_nodes.session_id") throw new NoAnswer();
  if (request.operation === "mining_nodes.info" || request.operation === "rent_orders")
    throw new Refused(generic, "bare metal node has no machine info for now");
  if (server[request.operation] !== undefined) throw new Refused(generic, "Not supported");
  throw new Refused(generic, "bare metal nodes are not supported");
}

function handleForServer(site: Site, request: NodeRequest): string {
  const machine = site.node.servers.find((item) => item.nodeId === request.target);
  if (machine === undefined) throw new NoAnswer();
  const { operation } = request;
  if (operation === "mining_nodes.info") return showServer(site, machine);
  if (operation === "rent_orders") return showRentOrders(site);
  const rule = server[operation];
  if (rule === undefined && operation !== "mining_nodes.session_id") {
    const text = manager[operation] === undefined ? "bare metal nodes are not supported" : "Not supported";
    throw new Refused(generic, text);
  }
  const authority = checkAuthority(site, request.credentials, machine);
  const turnedAway = authority.role === "verifier" && rule?.verifiers === false;
  if (!authority.success || turnedAway)
    throw new Refused(generic, `check authority failed: ${authority.reason}`);
  return rule === undefined ? showSession(site, request, authority) : rule.handler(site, request, machine);
}

/** POST /mining_nodes/session_id: made at the first good signature and never changed (reference a.5). */
function showSession(site: Site, _request: NodeRequest, authority: Authority): string {
  if (authority.role !== "wallet") throw new Refused(generic, "check authority failed");
  const session = site.node.sessions[authority.wallet];
  if (session === undefined) throw new Refused(generic, "no session id");
  return `{"errcode":0, "message":{"session_id":"${session.id}"}}`;
}
