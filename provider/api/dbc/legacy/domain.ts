/** From the older generation's words to the same types of ours that the current one is mapped to. */
import type * as z from "zod";
import { toGib, toTaskDetail } from "../domain";
import type { ImageSummary, NodeInfo, TaskDetail } from "../types";
import type { LegacySnapshot } from "./types";
import type * as wire from "./wire";

export const toLegacyNodeInfo = (nodeId: string, node: z.infer<typeof wire.LegacyNodeAnswer>): NodeInfo => ({
  nodeId,
  version: node.version,
  os: node.os,
  ip: node.ip,
  cpu: {
    model: node.cpu.type,
    cores: Number(node.cpu.cores),
    sockets: 0, // not told
    usedPercent: Number.parseFloat(node.cpu.used_usage ?? "0"),
  },
  gpu: { count: Number(node.gpu.gpu_count), used: Number(node.gpu.gpu_used) },
  memory: { sizeGib: toGib(node.mem.size), freeGib: toGib(node.mem.free) },
  disks: [{ path: "/data", sizeGib: toGib(node.disk_data.size), freeGib: toGib(node.disk_data.free) }],
  images: (node.images ?? []).map((name) => ({ name, size: "" })),
});

/** An image of which only the name is told. */
export const toLegacyImage = (name: string): ImageSummary => ({ name, size: "", sizeGib: 0 });

export const toLegacyTaskDetail = (task: z.infer<typeof wire.LegacyTaskDetailAnswer>): TaskDetail => {
  const { vnc_port, disk_data, ...rest } = task;
  const detail = toTaskDetail(vnc_port === "-1" ? rest : { ...rest, vnc_port });
  return {
    ...detail,
    os: detail.os.includes("win") ? "windows" : "linux",
    disks: detail.disks.map((disk) =>
      disk.name === "vdb" && disk_data !== undefined ? { ...disk, size: disk_data } : disk,
    ),
  };
};

export const toLegacySnapshot = (item: z.infer<typeof wire.LegacySnapshotAnswer>): LegacySnapshot => ({
  name: item.snapshot_name,
  description: item.description ?? "",
  state: item.state,
  createdAt: item.create_time ?? "",
  disks: (item.disks ?? []).map((disk) => ({
    name: disk.disk_name,
    type: disk.snapshot_type,
    file: disk.snapshot_file,
  })),
});
