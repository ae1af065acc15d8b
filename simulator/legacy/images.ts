import { fileExists, fileNamed } from "../miner/image-files";
import { generic, type NodeRequest, okay, Refused } from "../miner/request";
import type { Site } from "../miner/site";
import { startDownload, startUpload } from "../miner/transfers";
import type { ImageServer } from "../world/world";

const notThere = -8;

/** The image centre, a folder that all older nodes share; here it is the first image server. */
function centreOf(site: Site): ImageServer {
  const [centre] = site.engine.world.imageServers;
  if (centre === undefined || !centre.reachable)
    throw new Refused(
      generic,
      "list images file error: boost::filesystem::directory_iterator::construct: No such file or directory",
    );
  return centre;
}

/** POST /images: names alone. */
export function listImages(site: Site): string {
  const names = centreOf(site)
    .images.filter((image) => image.name.endsWith(".qcow2"))
    .map((image) => `"${image.name}"`);
  return `{"errcode":0, "message":[${names.join(",")}]}`;
}

/** POST /images/download/<name>: copied beside, then renamed; a second order copies once more. */
export function downloadImage(site: Site, request: NodeRequest): string {
  const image = centreOf(site).images.find((item) => item.name === request.name);
  if (image === undefined) throw new Refused(notThere, "image not exist");
  startDownload(site, request, image, "/data");
  return okay;
}

/** POST /images/upload/<name>: nobody looks whether the node has it; a copy of nothing fails without a word. */
export function uploadImage(site: Site, request: NodeRequest): string {
  const centre = centreOf(site);
  if (centre.images.some((item) => item.name === request.name))
    throw new Refused(
      notThere,
      "image already exist, please rename the image file that needs to be uploaded",
    );
  const path = `/data/${request.name}`;
  const file = fileNamed(site.node, path);
  const fails = site.strikes("transfer-error", request);
  startUpload(site, centre.id, path, file?.sizeBytes ?? 1_245_708_288, {
    virtualGib: file?.virtualGib ?? 40,
    fails: fails || !fileExists(site.node, path),
  });
  return okay;
}
