/** From the node's words to ours: the only mapping of each answer, shared by every call that gets it. */
import type * as z from "zod";
import { sanitise } from "../../core/sanitise";
import type {
  Disk,
  ImageSummary,
  Lan,
  NodeInfo,
  NodeSummary,
  RentOrder,
  Snapshot,
  TaskDetail,
  TaskSummary,
  TransferProgress,
} from "./types";
import type * as wire from "./wire";

/** The node's ways of saying "nothing". */
const isNothing = (text: string | null | undefined): text is "" | null | undefined =>
  text == null || text === "" || text === "N/A" || text === "null";

const orNothing = (text: string | null | undefined): string | undefined =>
  isNothing(text) ? undefined : sanitise(text) || undefined;

/** A password is given on as it is, or not at all. */
const orNoPassword = (text: string | undefined): string | undefined =>
  isNothing(text) || text.length > 256 || sanitise(text.replaceAll("<{%", "")) !== text.replaceAll("<{%", "")
    ? undefined
    : text;

const GIB_PER_UNIT: Readonly<Record<string, number>> = {
  "": 1 / 1024 / 1024, // the node counts in KiB
  K: 1 / 1024 / 1024,
  M: 1 / 1024,
  G: 1,
  T: 1024,
  P: 1024 * 1024,
};

/** `"7.81G"` in GiB. */
export const toGib = (size: string): number => {
  const [, digits = "0", unit = ""] = /^(\d+(?:\.\d+)?)([KMGTP]?)$/.exec(size) ?? [];
  return Number(digits) * (GIB_PER_UNIT[unit] ?? 0);
};

/** No port, or port 0 (which the node takes, and opens nothing for), is none. */
const toPort = (port: string | number | undefined): number | undefined => Number(port) || undefined;

export const toNodeSummary = (
  node: z.infer<typeof wire.NodesAnswer>["mining_nodes"][number],
): NodeSummary => ({
  nodeId: node.node_id,
  name: orNothing(node.name),
  version: orNothing(node.version),
});

type ImageItem = z.infer<typeof wire.ImagesAnswer>[number];
const imageName = (image: ImageItem): string =>
  "image_name" in image ? image.image_name : image["image_name:"];

export const toImage = (image: ImageItem): ImageSummary => ({
  name: sanitise(imageName(image)),
  size: sanitise(image.image_size),
  sizeGib: toGib(image.image_size),
});

export const toProgress = (answer: z.infer<typeof wire.TransferAnswer>): TransferProgress => ({
  done: answer.status === "done",
  percent: Number.parseFloat(answer.progress),
});

export const toSnapshot = (item: z.infer<typeof wire.SnapshotsAnswer>[number]): Snapshot => ({
  name: sanitise(item.snapshot_name),
  description: sanitise(item.description ?? ""),
  file: sanitise(item.snapshot_file),
  status: sanitise(item.status),
  createdAt: sanitise(item.create_time ?? ""),
});

export const toNodeInfo = (nodeId: string, node: z.infer<typeof wire.NodeAnswer>): NodeInfo => ({
  nodeId,
  version: sanitise(node.version),
  os: sanitise(node.os),
  ip: sanitise(node.ip),
  cpu: {
    model: sanitise(node.cpu.type),
    cores: Number(node.cpu.cores),
    sockets: Number(node.cpu.physical_cpus),
    usedPercent: Number.parseFloat(node.cpu.used_usage),
  },
  gpu: { count: Number(node.gpu.gpu_count), used: Number(node.gpu.gpu_used) },
  memory: { sizeGib: toGib(node.mem.size), freeGib: toGib(node.mem.free) },
  disks: node.disk_data.map(({ path, size, free }) => ({
    path: sanitise(path),
    sizeGib: toGib(size),
    freeGib: toGib(free),
  })),
  images: (node.images ?? []).map((image) => ({
    name: sanitise(imageName(image)),
    size: sanitise(image.image_size),
  })),
});

export const toRentOrder = (
  order: z.infer<typeof wire.RentOrdersAnswer>["rent_orders"][number],
): RentOrder => ({
  id: sanitise(order.id),
  renter: sanitise(order.renter),
  endBlock: sanitise(order.rent_end),
  status: sanitise(order.rent_status),
  gpuCount: Number(order.gpu_nums),
  gpuIndexes: order.gpu_index,
});

export const toTaskSummary = (task: z.infer<typeof wire.TaskAnswer>): TaskSummary => ({
  taskId: task.task_id,
  status: sanitise(task.status),
  description: sanitise(task.desc ?? ""),
  createdAt: sanitise(task.create_time ?? ""),
});

export const toTaskDetail = (task: z.infer<typeof wire.TaskDetailAnswer>): TaskDetail => ({
  ...toTaskSummary(task),
  os: sanitise(task.os ?? ""),
  address: orNothing(task.ssh_ip),
  sshPort: toPort(task.ssh_port),
  rdpPort: toPort(task.rdp_port),
  user: orNothing(task.user_name),
  password: orNoPassword(task.login_password),
  cpuCores: Number(task.cpu_cores),
  gpuCount: Number(task.gpu_count),
  memoryGib: toGib(task.mem_size),
  vncPort: toPort(task.vnc_port),
  vncPassword: orNoPassword(task.vnc_password),
  networkName: orNothing(task.network_name),
  rentOrder: orNothing(task.rent_order),
  localAddresses: (task.local_address ?? []).map((address) => sanitise(address)),
  disks: (task.disks ?? []).map(({ name, size, source_file }) => ({
    name: sanitise(name),
    size: sanitise(size ?? ""),
    file: sanitise(source_file),
  })),
  networkFilters: (task.network_filters ?? []).map((filter) => sanitise(filter)),
  interfaces: (task.interface ?? []).map(({ name, type, mac_address }) => ({
    name: sanitise(name),
    model: sanitise(type),
    macAddress: sanitise(mac_address),
  })),
});

export const toDisk = (disk: z.infer<typeof wire.DisksAnswer>[number]): Disk => ({
  name: sanitise(disk.name),
  file: sanitise(disk.file),
  size: disk.size,
  sizeGib: toGib(disk.size),
});

export const toLan = (lan: z.infer<typeof wire.LanAnswer>): Lan => ({
  name: sanitise(lan.network_name),
  cidr: sanitise(lan.ip_cidr),
  members: (lan.members ?? []).map((member) => sanitise(member)),
  renter: sanitise(lan.rent_wallet ?? ""),
  lastUsed: sanitise(lan.lastUseTime ?? ""),
});

export const toMonitorServers = ({ servers }: z.infer<typeof wire.MonitorServersAnswer>): string[] =>
  servers.map((server) => sanitise(server));
