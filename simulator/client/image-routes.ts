import { type JsonObject, stringOf } from "../json";
import { okay } from "../miner/request";
import { scaleSize } from "../size";
import {
  invalid,
  parseDocument,
  parseFields,
  type RequestBody,
  requireAuth,
  requireNode,
  sessionTexts,
} from "./body";
import { badUri, type Call, forward, type Outcome, partsOf, requirePost } from "./call";
import { type Found, optionalServer } from "./node-routes";
import type { OperationName } from "./operation";
import { textReply } from "./reply";

const parsing = "parse request params failed: ";

/** `/images` and its calls; these routes leave the offset out of JSON errors (reference 5). */
export function imageRoute(call: Call): Found {
  const parts = partsOf(call);
  const [verb = ""] = parts;
  if (parts.length === 0) return { operation: "images.list", run: () => list(call) };
  const runs: Readonly<Record<string, () => Outcome>> = {
    servers: () => servers(call),
    download: () => download(call),
    downloadprogress: () => plain(call, "images.downloadprogress"),
    download_stop: () => plain(call, "images.download_stop"),
    upload: () => upload(call),
    uploadprogress: () => uploadTable(call, "images.uploadprogress"),
    upload_stop: () => uploadTable(call, "images.upload_stop"),
    delete: () => plain(call, "images.delete"),
  };
  const run = runs[verb];
  if (parts.length !== 1 || run === undefined || !Object.hasOwn(runs, verb))
    throw badUri("invalid requests uri");
  return { operation: `images.${verb}` as OperationName, run };
}

function fields(call: Call): RequestBody {
  requirePost(call);
  return parseFields(parseDocument(call.body, false), parsing);
}

function servers(call: Call): Outcome {
  requirePost(call);
  parseDocument(call.body, false);
  const ids = call.world.imageServers.map((server) => `"${server.id}"`).sort();
  return textReply(`{"errcode":0, "message":{"image_server":[${ids.join(",")}]}}`);
}

function requiredServer(call: Call, additional: JsonObject): string {
  const name = stringOf(additional, "image_server");
  if (name === "") throw invalid("image_server not exist");
  return optionalServer(call, name);
}

function list(call: Call): Outcome {
  const body = fields(call);
  if (body.node !== undefined && body.node !== "")
    return forward("images.list", body.node, body, {
      imageServer: optionalServer(call, stringOf(body.additional, "image_server")),
    });
  const id = requiredServer(call, body.additional);
  const server = call.world.imageServers.find((item) => item.id === id);
  const images = server?.reachable ? server.images.filter((image) => image.name.endsWith(".qcow2")) : [];
  const items = images.map(
    (image) =>
      `{"image_name":"${image.name}","image_size":"${scaleSize(Math.floor(image.sizeBytes / 1024))}"}`,
  );
  return textReply(`{"errcode":0,"message": [${items.join(",")}]}`);
}

function download(call: Call): Outcome {
  const body = fields(call);
  const node = requireNode(body);
  const imageServer = requiredServer(call, body.additional);
  requireAuth(body, sessionTexts);
  return forward("images.download", node, body, { imageServer });
}

function plain(call: Call, operation: OperationName): Outcome {
  const body = fields(call);
  const node = requireNode(body);
  requireAuth(body, sessionTexts);
  return forward(operation, node, body);
}

function upload(call: Call): Outcome {
  const body = fields(call);
  const imageServer = requiredServer(call, body.additional);
  if (body.node === undefined || body.node === "") return localUpload(call, body);
  requireAuth(body, sessionTexts);
  return forward("images.upload", body.node, body, { imageServer });
}

function uploadTable(call: Call, operation: OperationName): Outcome {
  const body = fields(call);
  if (body.node === undefined || body.node === "") return localUpload(call, body);
  requireAuth(body, sessionTexts);
  return forward(operation, body.node, body);
}

/**
 * Without a node id the file is one of the client node's own, looked for under a doubled prefix. If it is there, the
 * answer is "ok", and nothing is uploaded: the server's address is lost on the way (reference 5).
 */
function localUpload(call: Call, body: RequestBody): Outcome {
  const name = stringOf(body.additional, "image_filename");
  const path = `/data/${name.startsWith("/") ? name : `/data/${name}`}`;
  if (!call.world.client.files?.includes(path.replace(/\/{2,}/g, "/")))
    throw invalid(`image_filename: ${path} not exist`);
  return textReply(okay);
}
