import { canList } from "../../provider/api/dbc/legacy/generation";
import { availableSpace, freeMemory } from "../miner/accounting";
import type { Site } from "../miner/site";
import { shortest, sizeToG } from "../size";
import { usableCores } from "../world/node";

/** POST /mining_nodes with one id: one data directory, no number of sockets, images by name. */
export function showNode(site: Site): string {
  const { node } = site;
  const { hardware } = node;
  const cores = usableCores(hardware);
  const busy = site.tasks().filter(({ status }) => status !== "closed" && !status.endsWith("error"));
  const coresUsed = site
    .tasks()
    .filter((task) => task.domain === "running")
    .reduce((sum, task) => sum + task.cpu.sockets * task.cpu.cores * task.cpu.threads, 0);
  const free = freeMemory(site);
  const total = hardware.directories.find(({ path }) => path === "/data")?.sizeKib ?? 0;
  const available = availableSpace(site, "/data");
  const images = node.images.filter(({ name }) => canList(node.version, name)).map(({ name }) => `"${name}"`);
  const percent = (share: number) => `${shortest(100 * share)}%`;
  const parts = [
    `"version":"${node.version}"`,
    `"ip":"${node.publicIp.replace(/^\d+\.(\d+)\.\d+\./, "*.$1.*.")}"`,
    `"os":"${node.os}"`,
    `"cpu":{"type":"${hardware.cpuType}","hz":"${hardware.hz}","cores":"${cores}","used_usage":"${percent(coresUsed / cores)}"}`,
    `"gpu":{"gpu_count":"${hardware.gpus.length}","gpu_used":"${busy.reduce((sum, task) => sum + task.gpus.length, 0)}"}`,
    `"mem":{"size":"${sizeToG(hardware.memoryKib)}","free":"${sizeToG(free)}","used_usage":"${percent(1 - free / hardware.memoryKib)}"}`,
    '"disk_system":{"type":"SSD","size":"350G"}',
    `"disk_data":{"type":"SSD","size":"${sizeToG(total)}","free":"${sizeToG(available)}","used_usage":"${percent(total === 0 ? 0 : 1 - available / total)}"}`,
    `"images":[${images.join(",")}]`,
  ];
  return `{"errcode":0,"message":{${parts.join(",")}}}`;
}
