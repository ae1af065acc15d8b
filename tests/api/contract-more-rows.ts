/** Calls about what VMs stand on: disks, images and their transfers, snapshots, LANs. */
import { alice } from "../../simulator";
import { type Contract, gib, images, KEY, NODE, text } from "./contract-row";

const disk = (method: string, name: string, more: Partial<Contract>): Contract => ({
  method,
  args: [NODE, KEY],
  path: `/disk/${name}/${KEY}`,
  operation: `disk.${name}`,
  write: true,
  when: "off",
  ...more,
});

const ABOUT_DISKS: readonly Contract[] = [
  disk("listDisks", "list", {
    write: false,
    gives: [
      { name: "vda", file: text, size: "350G", sizeGib: 350 },
      { name: "vdb", file: text, size: "10G", sizeGib: 10 },
    ],
  }),
  // sizes of disks are the only numbers that the node reads as numbers
  disk("growDisk", "resize", { args: [NODE, KEY, "vdb", 5], additional: { disk: "vdb", size: 5 } }),
  disk("addDisk", "add", {
    args: [NODE, KEY, { sizeGib: 20, directory: "/data" }],
    additional: { size: 20, mount_dir: "/data" },
  }),
  disk("deleteDisk", "delete", { args: [NODE, KEY, "vdb"], additional: { disk: "vdb" } }),
];

const transfer = (method: string, name: string, file: string, more: Partial<Contract> = {}): Contract => ({
  method,
  args: [NODE, file],
  path: `/images/${name}`,
  operation: `images.${name}`,
  additional: { image_filename: file },
  ...more,
});

const pytorch = gib("pytorch.qcow2", "12.5G", 12.5);
const server = { imageServer: "lab" };
const underWay = { done: false, percent: expect.any(Number) };

const ABOUT_IMAGES: readonly Contract[] = [
  {
    method: "listImageServers",
    args: [],
    path: "/images/servers",
    operation: "images.servers",
    local: true,
    open: true,
    gives: ["lab"],
  },
  {
    method: "listServerImages",
    args: ["lab"],
    path: "/images",
    operation: "images.list",
    additional: { image_server: "lab" },
    local: true,
    open: true,
    gives: [...images, pytorch],
  },
  {
    method: "listImages",
    args: [NODE],
    path: "/images",
    operation: "images.list",
    open: true,
    gives: expect.arrayContaining(images),
  },
  {
    method: "listImages",
    args: [NODE, { imageServer: "lab", own: true }],
    path: "/images",
    operation: "images.list",
    additional: { image_server: "lab" },
    when: "off",
    gives: expect.arrayContaining(images),
  },
  transfer("downloadImage", "download", "pytorch.qcow2", {
    args: [NODE, { ...server, name: "pytorch.qcow2", directory: "/data" }],
    additional: { image_filename: "pytorch.qcow2", image_server: "lab", local_dir: "/data" },
    write: true,
  }),
  transfer("getDownload", "downloadprogress", "pytorch.qcow2", { when: "downloading", gives: underWay }),
  transfer("stopDownload", "download_stop", "pytorch.qcow2", { when: "downloading", write: true }),
  transfer("uploadImage", "upload", "/data/ubuntu.qcow2", {
    args: [NODE, { ...server, path: "/data/ubuntu.qcow2" }],
    additional: { image_filename: "/data/ubuntu.qcow2", image_server: "lab" },
    write: true,
  }),
  transfer("getUpload", "uploadprogress", "/data/ubuntu.qcow2", { when: "uploading", gives: underWay }),
  transfer("stopUpload", "upload_stop", "/data/ubuntu.qcow2", { when: "uploading", write: true }),
  transfer("deleteImage", "delete", "windows.qcow2", { write: true }),
  {
    method: "uploadClientFile",
    args: [{ ...server, name: "own.qcow2" }],
    path: "/images/upload",
    operation: "images.upload",
    additional: { image_filename: "own.qcow2", image_server: "lab" },
    write: true,
    local: true,
    open: true,
  },
];

const ABOUT_SNAPSHOTS: readonly Contract[] = [
  {
    method: "createSnapshot",
    args: [NODE, KEY, { name: "before", ...server, description: "b" }],
    path: `/snapshot/create/${KEY}`,
    operation: "snapshot.create",
    additional: { snapshot_name: "before", image_server: "lab", desc: "b" },
    write: true,
    when: "off",
  },
  {
    method: "listSnapshots",
    args: [NODE, KEY],
    path: `/snapshot/list/${KEY}`,
    operation: "snapshot.list",
    when: "snapshot",
    gives: [{ name: "before", description: "b", file: text, status: "creating", createdAt: text }],
  },
  {
    method: "deleteSnapshot",
    args: [NODE, KEY, "before"],
    path: `/snapshot/delete/${KEY}/before`,
    operation: "snapshot.delete",
    write: true,
    when: "snapshot",
  },
];

const office = { name: "office1", cidr: "10.1.0.0/24", members: [], renter: alice, lastUsed: text };

const ABOUT_LANS: readonly Contract[] = [
  {
    method: "getLan",
    args: [NODE, "office1"],
    path: "/lan/office1",
    operation: "lan.list",
    open: true,
    gives: office,
  },
  { method: "listLans", args: [NODE], path: "/lan", operation: "lan.list", open: true, gives: [office] },
  {
    method: "createLan",
    args: [NODE, { name: "office2", cidr: "10.2.0.0/24" }],
    path: "/lan/create",
    operation: "lan.create",
    additional: { network_name: "office2", ip_cidr: "10.2.0.0/24" },
    write: true,
  },
  {
    method: "deleteLan",
    args: [NODE, "office1"],
    path: "/lan/delete/office1",
    operation: "lan.delete",
    write: true,
  },
];

const ABOUT_MONITORS: readonly Contract[] = [
  {
    method: "getMonitorServers",
    args: [NODE],
    path: "/monitor",
    operation: "monitor.list",
    gives: [],
  },
  {
    method: "setMonitorServers",
    args: [NODE, ["zabbix.example.com:10051", "192.0.2.7:10051"]],
    path: "/monitor/set",
    operation: "monitor.set",
    additional: { servers: ["zabbix.example.com:10051", "192.0.2.7:10051"] },
    write: true,
  },
];

export const MORE: readonly Contract[] = [
  ...ABOUT_DISKS,
  ...ABOUT_IMAGES,
  ...ABOUT_SNAPSHOTS,
  ...ABOUT_LANS,
  ...ABOUT_MONITORS,
];
