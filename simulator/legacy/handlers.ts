import type { Authority } from "../miner/authority";
import type { NodeRequest } from "../miner/request";
import type { Site } from "../miner/site";
import { showLog } from "../miner/task-log";
import { createTask } from "./create-task";
import { downloadImage, listImages, uploadImage } from "./images";
import { showNode } from "./node-info";
import { createSnapshot, deleteSnapshot, listSnapshots } from "./snapshots";
import { existingTask, listTasks, showTask, taskVerbs } from "./tasks";

type Handler = (site: Site, request: NodeRequest, authority: Authority) => string;

/** What anybody may ask of an older node. */
export const openHandlers: Readonly<Record<string, Handler>> = {
  "mining_nodes.info": showNode,
  "images.list": listImages,
};

/** What its renter may ask of it. */
export const renterHandlers: Readonly<Record<string, Handler>> = {
  "tasks.list": listTasks,
  "tasks.detail": showTask,
  "tasks.create": createTask,
  ...taskVerbs,
  "tasks.logs": (site, request) => {
    existingTask(site, request);
    return showLog(site, request);
  },
  "snapshot.list": listSnapshots,
  "snapshot.create": createSnapshot,
  "snapshot.delete": deleteSnapshot,
  "images.download": downloadImage,
  "images.upload": uploadImage,
};
