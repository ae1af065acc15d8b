import { stringOf } from "../json";
import { scaleSize } from "../size";
import type { ImageFile } from "../world/node";
import type { ImageServer } from "../world/world";
import type { Authority } from "./authority";
import { fileExists, fileNamed, isBusyImage } from "./image-files";
import { business, type NodeRequest, okay, okayCompact, Refused } from "./request";
import type { Site } from "./site";
import { shareOf, startDownload, startUpload } from "./transfers";

type Listed = Pick<ImageFile, "name" | "sizeBytes">;

function refuse(text: string): never {
  throw new Refused(business, text);
}

export function serverOf(site: Site, id: string): ImageServer | undefined {
  return site.engine.world.imageServers.find((server) => server.id === id);
}

function serverImages(site: Site, id: string): ImageServer["images"] {
  const server = serverOf(site, id);
  return server?.reachable ? server.images.filter((image) => image.name.endsWith(".qcow2")) : [];
}

/** Files in /data that may serve as images: no disk of a running VM; based ones only if the server has them too. */
export function shareableImages(site: Site, serverId: string): Listed[] {
  const { node } = site;
  const inUse = new Set(
    site
      .tasks()
      .filter((task) => site.domain(task) === "running")
      .flatMap((task) => task.disks.map((disk) => disk.file)),
  );
  const files = [...node.images, ...node.files].filter(
    (file) => file.name.endsWith(".qcow2") && !file.name.includes("data") && !inUse.has(`/data/${file.name}`),
  );
  const based = new Set(files.filter((file) => file.backing !== undefined).map((file) => file.name));
  return [
    ...files.filter((file) => file.backing === undefined),
    ...serverImages(site, serverId).filter((image) => based.has(image.name)),
  ];
}

/** POST /images of a node: who is not allowed still gets the public list; the key really ends in a colon (reference 5). */
export function listImages(site: Site, request: NodeRequest, authority: Authority): string {
  let images: Listed[] = shareableImages(site, request.imageServer);
  if (authority.success) {
    const own = site
      .tasksOf(authority.wallet)
      .filter((task) => site.domain(task) !== "running")
      .flatMap((task) => task.disks.filter((disk) => disk.name === "vda"))
      .map((disk) => ({ name: disk.file.slice("/data/".length), sizeBytes: 1_245_708_288 }));
    const names = new Set(own.map((image) => image.name));
    images = [...images.filter((image) => !names.has(image.name)), ...own];
  }
  const items = images.map(
    (image) =>
      `{"image_name:":"${image.name}","image_size":"${scaleSize(Math.floor(image.sizeBytes / 1024))}"}`,
  );
  return `{"errcode":0, "message":[${items.join(",")}]}`;
}

export function downloadImage(site: Site, request: NodeRequest): string {
  if (request.imageServer === "") refuse("no image_server");
  const name = stringOf(request.additional, "image_filename");
  if (name === "") refuse("additional no image_filename");
  const directory = stringOf(request.additional, "local_dir");
  if (directory === "") refuse("additional no local_dir");
  const image =
    serverImages(site, request.imageServer).find((item) => item.name === name) ??
    refuse(`image:${name} not exist`);
  if (isBusyImage(site.node, name)) refuse(`image:${name} in downloading`);
  startDownload(site, request, image, directory);
  return okay;
}

/** Whatever is not in the table is done: never begun, failed, stopped, or misspelt. */
function progress(site: Site, key: string, word: "downloading" | "uploading"): string {
  const kind = word === "downloading" ? "download" : "upload";
  const transfer = site.node.transfers.find((item) => item.key === key && item.kind === kind);
  const share = transfer === undefined ? 1 : shareOf(transfer, site.now);
  const [status, percent] = share < 1 ? [word, Math.trunc(share * 100)] : ["done", 100];
  return `{"errcode":0,"message":{"status": "${status}","progress": "${percent}%"}}`;
}

function filenameOf(request: NodeRequest): string {
  const name = stringOf(request.additional, "image_filename");
  if (name === "") refuse("additional no image_filename");
  return name;
}

export function downloadProgress(site: Site, request: NodeRequest): string {
  return progress(site, filenameOf(request), "downloading");
}

export function uploadProgress(site: Site, request: NodeRequest): string {
  return progress(site, filenameOf(request), "uploading");
}

function stop(site: Site, key: string, kind: "download" | "upload"): string {
  site.node.transfers = site.node.transfers.filter((item) => item.key !== key || item.kind !== kind);
  return okayCompact;
}

export function stopDownload(site: Site, request: NodeRequest): string {
  return stop(site, filenameOf(request), "download");
}

export function stopUpload(site: Site, request: NodeRequest): string {
  return stop(site, filenameOf(request), "upload");
}

export function uploadImage(site: Site, request: NodeRequest): string {
  if (request.imageServer === "") refuse("no image_server");
  const name = stringOf(request.additional, "image_filename");
  if (name === "") refuse("image_filename is empty");
  const path = name.startsWith("/") ? name : `/data/${name}`;
  if (!fileExists(site.node, path)) refuse(`image:${name} not exist`);
  if (isBusyImage(site.node, path)) refuse(`image:${name} in uploading`);
  const file = fileNamed(site.node, path);
  startUpload(site, request.imageServer, path, file?.sizeBytes ?? 1_245_708_288, {
    virtualGib: file?.virtualGib ?? 40,
    fails: site.strikes("transfer-error", request),
  });
  return okay;
}

/** POST /images/delete: nobody looks whether a VM stands on it. */
export function deleteImage(site: Site, request: NodeRequest): string {
  const name = stringOf(request.additional, "image_filename");
  if (name === "") refuse("image_filename is empty");
  const path = `/data/${name}`;
  if (!fileExists(site.node, path)) refuse(`image file:${name} is not exist`);
  if (isBusyImage(site.node, name) || isBusyImage(site.node, path))
    refuse("image file is in downloading or uploading, please try again later");
  site.node.images = site.node.images.filter((image) => image.name !== name);
  site.node.files = site.node.files.filter((file) => file.name !== name);
  return okay;
}
