/** Which call of the client takes the answers of a recorded route. */
import { messageOf } from "../../provider/api/dbc/outcome";
import type { DbcClient } from "../../provider/api/dbc/types";
import { type HttpReply, TransportError } from "../../provider/core/effects";
import type { Exchange as Recorded } from "../recorded/exchange";
import { NEW_TASK, NODE } from "./fakes";

export const answerOf = (recorded: Recorded): HttpReply => {
  if (recorded.transport_error !== null || recorded.status === null)
    throw new TransportError(recorded.transport_error ?? "", true, "bad-reply");
  return { status: recorded.status, headers: {}, body: recorded.body };
};

export type Verb = (client: DbcClient, task: string, recorded: Recorded) => Promise<unknown>;
export const ANY_TASK = "2Tjyu9nFv3kn6phF5NYiU";

/** Whether no node was asked, but the client node itself. */
const asksNoNode = ({ request_body }: Recorded): boolean =>
  /"peer_nodes_list": ?\[\]/.test(request_body ?? "");
const taskIdOf = ({ request_body, body }: Recorded): string | undefined =>
  /"task_id": ?"(\w{20,22})"/.exec(request_body ?? "")?.[1] ?? /"task_id":"(\w{20,22})"/.exec(body)?.[1];

/** The call of ours that takes the answers of a path; it must be the longest prefix that fits. */
export const ROUTES: readonly (readonly [RegExp, boolean, Verb])[] = [
  [/^\/$/, false, (client) => client.version()],
  [/^\/mining_nodes\/session_id$/, false, (client) => client.session(NODE)],
  [
    /^\/mining_nodes$/,
    false,
    (client, _, recorded) => (asksNoNode(recorded) ? client.listNodes() : client.getNode(NODE)),
  ],
  [/^\/rent_orders(\/.*)?$/, false, (client) => client.listRentOrders(NODE)],
  [
    /^\/tasks\/start$/,
    true,
    (client, _, recorded) => client.createTask(NODE, { ...NEW_TASK, taskId: taskIdOf(recorded) }),
  ],
  [/^\/tasks\/start\/(\w+)$/, true, (client, task) => client.startTask(NODE, task)],
  [/^\/tasks\/shutdown\/(\w+)$/, true, (client, task) => client.shutdownTask(NODE, task)],
  [/^\/tasks\/(?:poweroff|stop)\/(\w+)$/, true, (client, task) => client.poweroffTask(NODE, task)],
  [/^\/tasks\/restart\/(\w+)$/, true, (client, task) => client.restartTask(NODE, task)],
  [/^\/tasks\/reset\/(\w+)$/, true, (client, task) => client.resetTask(NODE, task)],
  [/^\/tasks\/delete\/(\w+)$/, true, (client, task) => client.deleteTask(NODE, task)],
  [
    /^\/tasks\/modify\/(\w+)$/,
    true,
    (client, task) => client.modifyTask(NODE, task, { publicIp: undefined }),
  ],
  [
    /^\/tasks\/passwd\/(\w+)$/,
    true,
    (client, task) => client.setPassword(NODE, task, { username: "dbc", password: "secret" }),
  ],
  [/^\/tasks\/logs\/(\w+)$/, false, (client, task) => client.getTaskLogs(NODE, task)],
  [/^\/tasks\/?$/, false, (client) => client.listTasks(NODE)],
  [/^\/tasks\/(\w+)\/?$/, false, (client, task) => client.getTask(NODE, task)],
  [/^\/disk\/list\/(\w+)$/, false, (client, task) => client.listDisks(NODE, task)],
  [/^\/disk\/resize\/(\w+)$/, true, (client, task) => client.growDisk(NODE, task, "vdb", 1)],
  [
    /^\/disk\/add\/(\w+)$/,
    true,
    (client, task) => client.addDisk(NODE, task, { sizeGib: 1, directory: "/data" }),
  ],
  [/^\/disk\/delete\/(\w+)$/, true, (client, task) => client.deleteDisk(NODE, task, "vdb")],
  [
    /^\/lan$/,
    false,
    (client, _, recorded) => (asksNoNode(recorded) ? anyReading(recorded) : client.listLans(NODE)),
  ],
  [/^\/lan\/create$/, true, (client) => client.createLan(NODE, { name: "office1", cidr: "10.1.0.0/24" })],
  [/^\/lan\/delete\/\w+$/, true, (client) => client.deleteLan(NODE, "office1")],
  [/^\/lan\/(\w+)$/, false, (client) => client.getLan(NODE, "office1")],
  [/^\/monitor\/set$/, true, (client) => client.setMonitorServers(NODE, ["127.0.0.1:10099"])],
  [/^\/monitor(\/\w+)?$/, false, (client) => client.getMonitorServers(NODE)],
  [/^\/images\/servers$/, false, (client) => client.listImageServers()],
  [
    /^\/images$/,
    false,
    (client, _, recorded) =>
      asksNoNode(recorded) ? client.listServerImages("img1") : client.listImages(NODE),
  ],
  [
    /^\/images\/download$/,
    true,
    (client) => client.downloadImage(NODE, { imageServer: "img1", name: "a.qcow2", directory: "/data" }),
  ],
  [/^\/images\/downloadprogress$/, false, (client) => client.getDownload(NODE, "a.qcow2")],
  [/^\/images\/download_stop$/, true, (client) => client.stopDownload(NODE, "a.qcow2")],
  [
    /^\/images\/upload$/,
    true,
    (client) => client.uploadImage(NODE, { imageServer: "img1", path: "/data/a.qcow2" }),
  ],
  [/^\/images\/uploadprogress$/, false, (client) => client.getUpload(NODE, "/data/a.qcow2")],
  [/^\/images\/upload_stop$/, true, (client) => client.stopUpload(NODE, "/data/a.qcow2")],
  [/^\/images\/delete$/, true, (client) => client.deleteImage(NODE, "a.qcow2")],
  [/^\/snapshot\/list\/(\w+)$/, false, (client, task) => client.listSnapshots(NODE, task)],
  [
    /^\/snapshot\/create\/(\w+)$/,
    true,
    (client, task) => client.createSnapshot(NODE, task, { name: "s1", description: "", imageServer: "img1" }),
  ],
  [/^\/snapshot\/delete\/(\w+)\/\w+$/, true, (client, task) => client.deleteSnapshot(NODE, task, "s1")],
];

const judge = { endpoint: "http://127.0.0.1:5002", endpointIsDefault: false, redact: (text: string) => text };

const judged = (recorded: Recorded, write: boolean): unknown => {
  let exchange: HttpReply | TransportError;
  try {
    exchange = answerOf(recorded);
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    exchange = error;
  }
  return messageOf({ what: "ask", write }, exchange, judge);
};
const anyReading = async (recorded: Recorded): Promise<unknown> => judged(recorded, false);
/** What no call of ours asks for is judged as a write, which is the more careful. */
export const anyOther: Verb = async (_client, _task, recorded) => judged(recorded, true);
