/** What a route asks of a node: the text of its time limit, and whether it asks for a change (reference 0.5). */
interface Operation {
  readonly timeout: string;
  readonly write: boolean;
  /** Kind under which the time limit is kept, when it is shared with another operation. */
  readonly kind?: string;
}

const read = (timeout: string, kind?: string): Operation => ({
  timeout: `${timeout} timeout`,
  write: false,
  ...(kind === undefined ? {} : { kind }),
});
const write = (timeout: string): Operation => ({ timeout: `${timeout} timeout`, write: true });

export const operations = {
  version: read(""),
  "tasks.list": read("list task"),
  "tasks.detail": read("list task", "tasks.list"),
  "tasks.create": write("create task"),
  "tasks.start": write("start task"),
  "tasks.shutdown": write("shutdown task"),
  "tasks.poweroff": write("stop task"),
  "tasks.stop": write("stop task"),
  "tasks.restart": write("restart task"),
  "tasks.reset": write("reset task"),
  "tasks.delete": write("delete task"),
  "tasks.modify": write("modify task"),
  "tasks.passwd": write("set task user password"),
  "tasks.logs": read("task logs"),
  "images.servers": read(""),
  "images.list": read("list images"),
  "images.download": write("download image"),
  "images.downloadprogress": read("query download image progress"),
  "images.download_stop": write("download image"),
  "images.upload": write("upload image"),
  "images.uploadprogress": read("query upload image progress"),
  "images.upload_stop": write("upload image"),
  "images.delete": write("upload image"),
  "disk.list": read("list disk"),
  "disk.resize": write("resize disk"),
  "disk.add": write("add disk"),
  "disk.delete": write("delete disk"),
  "snapshot.list": read("list snapshot"),
  "snapshot.create": write("create snapshot"),
  "snapshot.delete": write("delete snapshot"),
  "mining_nodes.list": read(""),
  "mining_nodes.info": read("query node info"),
  "mining_nodes.session_id": read("get session_id"),
  "mining_nodes.free_memory": write("free memory"),
  rent_orders: read("query node rent orders"),
  peers: read(""),
  "monitor.list": read("list monitor server"),
  "monitor.set": write("set monitor server"),
  "lan.list": read("list local area network"),
  "lan.create": write("create local area network"),
  "lan.delete": write("delete local area network"),
  "bare_metal.list": read("list bare metal"),
  "bare_metal.add": write("add bare metal"),
  "bare_metal.delete": write("delete bare metal"),
  "bare_metal.modify": write("modify bare metal"),
  "bare_metal.power": write("bare metal power"),
  "bare_metal.bootdev": write("bare metal bootdev"),
  "deeplink.show": read("list bare metal"),
  "deeplink.set": write("list bare metal"),
} as const satisfies Record<string, Operation>;

export type OperationName = keyof typeof operations;

export function timeoutOf(name: OperationName): string {
  return operations[name].timeout;
}

export function isWrite(name: OperationName): boolean {
  return operations[name].write;
}

/** The name under which the client node keeps the time limit's callback. */
export function timerKind(name: OperationName): string {
  const operation: Operation = operations[name];
  return operation.kind ?? name;
}
