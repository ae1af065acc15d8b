/** The calls about a node and what is on it, by generation: the client picks a column. */
import * as disks from "../disks";
import * as images from "../images";
import * as lans from "../lans";
import * as monitors from "../monitors";
import * as nodes from "../nodes";
import * as snapshots from "../snapshots";
import * as tasks from "../tasks";
import * as legacyImages from "./images";
import { gone, lacks } from "./lacks";
import * as legacySnapshots from "./snapshots";
import * as legacyTasks from "./tasks";

/** Calls that the current generation has in another form, or not at all. */
interface OlderCalls {
  readonly listLegacySnapshots: typeof legacySnapshots.listSnapshots;
  readonly getLegacySnapshot: typeof legacySnapshots.getSnapshot;
  readonly createLegacySnapshot: typeof legacySnapshots.createSnapshot;
  readonly listCentreImages: typeof legacyImages.listCentre;
  readonly downloadCentreImage: typeof legacyImages.download;
  readonly uploadCentreImage: typeof legacyImages.upload;
}

const olderOnly: OlderCalls = {
  listLegacySnapshots: gone("list libvirt snapshots on"),
  getLegacySnapshot: gone("read a libvirt snapshot on"),
  createLegacySnapshot: gone("make a libvirt snapshot on"),
  listCentreImages: gone("list the image centre through"),
  downloadCentreImage: gone("download from the image centre to"),
  uploadCentreImage: gone("upload to the image centre from"),
};

export const currentCalls = {
  listRentOrders: nodes.listRentOrders,
  listTasks: tasks.listTasks,
  getTask: tasks.getTask,
  createTask: tasks.createTask,
  startTask: tasks.startTask,
  shutdownTask: tasks.shutdownTask,
  poweroffTask: tasks.poweroffTask,
  restartTask: tasks.restartTask,
  resetTask: tasks.resetTask,
  deleteTask: tasks.deleteTask,
  modifyTask: tasks.modifyTask,
  setPassword: tasks.setPassword,
  getTaskLogs: tasks.getTaskLogs,
  listDisks: disks.listDisks,
  growDisk: disks.growDisk,
  addDisk: disks.addDisk,
  deleteDisk: disks.deleteDisk,
  listImages: images.listImages,
  downloadImage: images.downloadImage,
  getDownload: images.getDownload,
  stopDownload: images.stopDownload,
  uploadImage: images.uploadImage,
  getUpload: images.getUpload,
  stopUpload: images.stopUpload,
  deleteImage: images.deleteImage,
  listSnapshots: snapshots.listSnapshots,
  createSnapshot: snapshots.createSnapshot,
  deleteSnapshot: snapshots.deleteSnapshot,
  getLan: lans.getLan,
  listLans: lans.listLans,
  createLan: lans.createLan,
  deleteLan: lans.deleteLan,
  getMonitorServers: monitors.getMonitorServers,
  setMonitorServers: monitors.setMonitorServers,
  ...olderOnly,
};

export type NodeCalls = typeof currentCalls;

export const legacyCalls: NodeCalls = {
  listRentOrders: lacks("list the rental orders of"),
  listTasks: legacyTasks.listTasks,
  getTask: legacyTasks.getTask,
  createTask: legacyTasks.createTask,
  startTask: legacyTasks.startTask,
  shutdownTask: legacyTasks.stopTask,
  poweroffTask: legacyTasks.stopTask,
  restartTask: legacyTasks.restartTask,
  resetTask: legacyTasks.resetTask,
  deleteTask: legacyTasks.deleteTask,
  modifyTask: lacks("modify a VM of"),
  setPassword: lacks("set a password on"),
  getTaskLogs: legacyTasks.getTaskLogs,
  listDisks: lacks("list disks of"),
  growDisk: lacks("grow a disk on"),
  addDisk: lacks("add a disk on"),
  deleteDisk: lacks("delete a disk on"),
  listImages: legacyImages.listImages,
  downloadImage: lacks("download from an image server to"),
  getDownload: lacks("ask how far a download is on"),
  stopDownload: lacks("stop a download on"),
  uploadImage: lacks("upload to an image server from"),
  getUpload: lacks("ask how far an upload is on"),
  stopUpload: lacks("stop an upload on"),
  deleteImage: lacks("delete an image of"),
  listSnapshots: lacks("list snapshots for image servers on"),
  createSnapshot: lacks("send a snapshot to an image server from"),
  deleteSnapshot: lacks("delete a snapshot on"),
  getLan: lacks("read a LAN on"),
  listLans: lacks("list LANs of"),
  createLan: lacks("create a LAN on"),
  deleteLan: lacks("delete a LAN on"),
  getMonitorServers: lacks("read the monitor servers of"),
  setMonitorServers: lacks("set the monitor servers of"),
  listLegacySnapshots: legacySnapshots.listSnapshots,
  getLegacySnapshot: legacySnapshots.getSnapshot,
  createLegacySnapshot: legacySnapshots.createSnapshot,
  listCentreImages: legacyImages.listCentre,
  downloadCentreImage: legacyImages.download,
  uploadCentreImage: legacyImages.upload,
};
