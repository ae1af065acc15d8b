import { isIP } from "node:net";
import { gib } from "../size";
import { usableCores } from "../world/node";
import { type CpuTopology, type Task, totalCores } from "../world/task";
import { business, Refused } from "./request";
import type { Site } from "./site";

/** The system disk counts as 350 GiB, whatever it is (reference f). */
export const systemDiskKib = 350 * gib;

/** GPUs are counted over every VM that is not shut off (a missing machine included), all else over running ones (reference 2.1). */
function usedGpus(site: Site, except: string): Set<string> {
  return new Set(
    site
      .tasks()
      .filter((task) => task.id !== except && site.domain(task) !== "shutoff")
      .flatMap((task) => task.gpus),
  );
}

function running(site: Site, except: string): Task[] {
  return site.tasks().filter((task) => task.id !== except && site.domain(task) === "running");
}

export function allocateGpus(
  site: Site,
  count: number,
  rented: readonly number[],
  except = "",
): string[] | undefined {
  const all = [...site.node.hardware.gpus].sort();
  if (rented.length === 0 || count > rented.length) return undefined;
  if (count === 0) return rented.length === all.length ? [] : undefined;
  const used = usedGpus(site, except);
  const free = all.filter((gpu, index) => rented.includes(index) && !used.has(gpu)).slice(0, count);
  return free.length === count ? free : undefined;
}

/** The shape in which a number of cores is given to a machine; start is stricter than this (reference 2.4). */
export function allocateCpu(site: Site, cores: number, share: number, except = ""): CpuTopology | undefined {
  const { hardware } = site.node;
  const total = usableCores(hardware);
  if (cores > Math.floor(total * share)) return undefined;
  const used = running(site, except).reduce((sum, task) => sum + totalCores(task.cpu), 0);
  if (cores + used > total) return undefined;
  const { threadsPerCore } = hardware;
  const perSocket = hardware.coresPerSocket - hardware.reservedCores;
  const spread = cores % (threadsPerCore * hardware.sockets) === 0 && cores > perSocket * threadsPerCore;
  const sockets = spread ? hardware.sockets : 1;
  const threads = cores % (sockets * threadsPerCore) === 0 ? threadsPerCore : 1;
  const perSocketGiven = Math.trunc(cores / (sockets * threads));
  const cpu = { sockets, cores: perSocketGiven, threads };
  return totalCores(cpu) === cores ? cpu : undefined;
}

/** Memory that the host has free: what running guests and the host itself leave. */
export function freeMemory(site: Site): number {
  const { hardware } = site.node;
  const used = site
    .tasks()
    .filter((task) => task.domain === "running" || task.domain === "paused" || task.domain === "pmsuspended")
    .reduce((sum, task) => sum + (task.bootedWith?.memoryKib ?? task.memoryKib), 0);
  return Math.max(0, hardware.memoryKib - hardware.hostMemoryKib - used);
}

export function allocateMemory(site: Site, kib: number, share: number, except = ""): boolean {
  const total = site.node.hardware.memoryKib;
  if (kib <= 0 || kib > freeMemory(site) || kib > Math.floor(total * share)) return false;
  const used = running(site, except).reduce((sum, task) => sum + task.memoryKib, 0);
  return kib + used <= total;
}

/** Free space of a data directory; VM disks are sparse and take next to nothing. */
export function availableSpace(site: Site, path: string): number {
  const directory = site.node.hardware.directories.find((item) => item.path === path);
  if (directory === undefined) return 0;
  const files = path === "/data" ? [...site.node.images, ...site.node.files] : [];
  const used = files.reduce((sum, file) => sum + file.sizeBytes / 1024, directory.usedKib);
  return Math.max(0, Math.floor(directory.sizeKib - used));
}

/** What counts as free in /data for a VM: never more than the whole less the system disk. */
export function freeDisk(site: Site): number {
  const data = site.node.hardware.directories.find((item) => item.path === "/data");
  return Math.min((data?.sizeKib ?? 0) - systemDiskKib, availableSpace(site, "/data"));
}

/** A port must be free among machines that run; the check order decides the text. */
export function portConflict(site: Site, port: number, except = ""): string | undefined {
  for (const task of site.tasks()) {
    if (task.id === except) continue;
    const state = site.domain(task);
    if (state !== "running" && state !== "blocked" && state !== "paused") continue;
    if (task.vncPort === port) return `port conflict, exist vnc_port = ${port}`;
    if (task.publicIp !== "") continue;
    if (task.sshPort === port) return `port conflict, exist ssh_port = ${port}`;
    if (task.rdpPort === port) return `port conflict, exist rdp_port = ${port}`;
  }
  return undefined;
}

export function checkPublicIp(site: Site, address: string, except = ""): void {
  if (address === "") return;
  if (isIP(address) === 0) throw new Refused(business, "invalid public ip");
  const taken =
    site.node.hostIp === address ||
    site.tasks().some((task) => task.id !== except && task.publicIp === address);
  if (taken) throw new Refused(business, "public ip being used");
}

export function isLinux(os: string): boolean {
  return os.includes("linux") || os.includes("ubuntu");
}

export function isWindows(os: string): boolean {
  return os.includes("win");
}

/** What start and restart look at before they do anything (reference 2.4). */
export function checkResources(site: Site, task: Task): void {
  const { hardware } = site.node;
  const refuse = (text: string): never => {
    throw new Refused(business, text);
  };
  const { sockets, cores, threads } = task.cpu;
  const wanted = totalCores(task.cpu);
  const total = usableCores(hardware);
  if (
    wanted <= 0 ||
    wanted > total ||
    sockets > hardware.sockets ||
    cores > hardware.coresPerSocket - hardware.reservedCores ||
    threads > hardware.threadsPerCore
  )
    refuse("check cpu failed");
  const used = running(site, task.id).reduce((sum, other) => sum + totalCores(other.cpu), 0);
  if (used + wanted > total) refuse("cpu count exceeds the maximum");
  if (site.domain(task) === undefined) refuse("get cpu tune failed");
  const busy = usedGpus(site, task.id);
  if (task.gpus.some((gpu) => busy.has(gpu) || !hardware.gpus.includes(gpu))) refuse("check gpu failed");
  if (site.domain(task) !== "running" && task.memoryKib > freeMemory(site)) refuse("check memory failed");
  if (isLinux(task.os)) {
    if (portConflict(site, task.sshPort, task.id) !== undefined) refuse("check ssh_port failed");
  } else if (isWindows(task.os) && portConflict(site, task.rdpPort, task.id) !== undefined)
    refuse("check rdp_port failed");
  if (portConflict(site, task.vncPort, task.id) !== undefined) refuse("check vnc_port failed");
  checkPublicIp(site, task.publicIp, task.id);
}
