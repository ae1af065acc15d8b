/** The container paths of a region (reference 3). */
import { z } from "zod";
import type { Dice } from "../dice";
import type { ServiceRequest } from "../service/service";
import { createTask, judgeCreate, readCreate } from "./create";
import { accessUrl, detailOf } from "./detail";
import { enqueue, forget, terminate } from "./lifecycle";
import { listTasks, wrap } from "./lists";
import { invalid, missing, NotServed, Refusal } from "./refusal";
import type { Bearer } from "./token";
import { type ContainerWorld, isActive, type Region, type Task } from "./world";

export interface RegionCall {
  readonly world: ContainerWorld;
  readonly request: ServiceRequest;
  readonly region: Region;
  readonly bearer: Bearer;
  readonly now: number;
  readonly dice: Dice;
}

const mine = ({ world, region, bearer }: RegionCall): Task[] =>
  world.tasks.filter((task) => task.region === region.id && task.owner === bearer.account.computeUser);

const idsOf = ({ request }: RegionCall, name: string): string[] => {
  const ids = request.query.getAll(name);
  if (ids.length === 0) throw missing(name);
  return ids;
};

const taskOf = (call: RegionCall, id: string): Task => {
  const task = mine(call).find((one) => one.id === id);
  if (task === undefined) throw invalid("id");
  return task;
};

const fieldsOf = ({ request }: RegionCall): Readonly<Record<string, unknown>> =>
  (typeof request.body === "object" && request.body !== null ? request.body : {}) as Readonly<
    Record<string, unknown>
  >;

export function create(call: RegionCall): string {
  const body = readCreate(call.request.body);
  judgeCreate(call.world, call.region, body);
  return createTask(call.world, call.region, call.bearer, body, call.now, call.dice).id;
}

const served = (call: RegionCall, style: "query" | "body" | "task-query"): void => {
  if (!call.world.switches.listStyles.includes(style)) throw new NotServed();
};

export function list(call: RegionCall): unknown {
  served(call, "query");
  return listTasks(call.world, mine(call), Object.fromEntries(call.request.query), call.now);
}

/** The documented GET with a body; or query parameters on the same path, as on private sites. */
export function listWithBody(call: RegionCall): unknown {
  const hasBody = call.request.body !== undefined;
  served(call, hasBody ? "body" : "task-query");
  const input = hasBody ? call.request.body : Object.fromEntries(call.request.query);
  return listTasks(call.world, mine(call), input, call.now);
}

export function detail(call: RegionCall, id: string): unknown {
  const task = mine(call).find((one) => one.id === id);
  if (task !== undefined) return detailOf(task, call.now);
  const { unknownId } = call.world.switches;
  if (unknownId === "404") throw new NotServed();
  if (unknownId === "null") return null;
  throw new Refusal(unknownId, unknownId === "10001" ? "internal_error" : "instance service not exist");
}

export function url(call: RegionCall, id: string): unknown {
  const task = taskOf(call, id);
  return task.status === "Running" ? accessUrl(task) : null;
}

export function restart(call: RegionCall): unknown {
  const [id = ""] = idsOf(call, "instanceServiceId");
  const task = taskOf(call, id);
  if (isActive(task)) throw invalid("instanceServiceId");
  enqueue(call.world, task, call.now);
  // the id of the new run, which nothing else knows
  return call.dice.hex(16);
}

export function stop(call: RegionCall): null {
  for (const id of idsOf(call, "ids")) {
    const task = taskOf(call, id);
    if (!isActive(task)) continue;
    const { stopMs } = call.world.switches;
    if (stopMs === 0) terminate(task, call.now);
    else task.stopsAt ??= call.now + stopMs;
  }
  return null;
}

export function remove(call: RegionCall): null {
  const { deletePolicy, deleteTakesMs } = call.world.switches;
  for (const id of idsOf(call, "ids")) {
    const task = taskOf(call, id);
    if (isActive(task) && deletePolicy === "reject-active") throw new Refusal("716866", "删除任务失败");
    terminate(task, call.now);
    if (deleteTakesMs === 0) forget(call.world, task);
    else task.goesAt ??= call.now + deleteTakesMs;
  }
  return null;
}

const Script = z.object({
  id: z.string().min(1),
  startScriptActionScope: z.enum(["all", "header"]),
  startScriptContent: z.string().min(1),
});

export function executeScript(call: RegionCall): null {
  const fields = fieldsOf(call);
  for (const name of Object.keys(Script.shape)) if (fields[name] == null) throw missing(name);
  if (Array.isArray(fields.id)) throw new Refusal("716870", "wrong number of instances");
  const script = Script.safeParse(fields);
  if (!script.success) throw invalid(String(script.error.issues[0]?.path[0] ?? ""));
  const task = taskOf(call, script.data.id);
  if (task.status !== "Running") throw new Refusal("716864", "执行脚本错误");
  task.scripts.push(script.data.startScriptContent);
  return null;
}

const NewSize = z.object({
  id: z.string().min(1),
  cpuNumber: z.int().min(1),
  gpuNumber: z.int().min(0),
  ramSize: z.int().min(1),
});

export function resize(call: RegionCall): null {
  const fields = fieldsOf(call);
  for (const name of Object.keys(NewSize.shape)) if (fields[name] == null) throw missing(name);
  const size = NewSize.safeParse(fields);
  if (!size.success) throw invalid(String(size.error.issues[0]?.path[0] ?? ""));
  const { id, ...change } = size.data;
  const task = taskOf(call, id);
  if (isActive(task)) throw new Refusal("10004", "the instance must be stopped first");
  const group = call.region.groups.find(({ name }) => name === task.resourceGroup);
  if (
    group === undefined ||
    change.cpuNumber > group.cpu ||
    change.gpuNumber > group.accelerators ||
    change.ramSize > group.ramMb
  )
    throw new Refusal("10004", "resource quota exceeded");
  Object.assign(task, change);
  return null;
}

export function resourceGroups({ region }: RegionCall): unknown {
  const types = ["gpu", "dcu", "mlu", "cpu"];
  return Object.fromEntries(
    types.map((type) => [
      type,
      region.groups.filter(({ acceleratorType }) => acceleratorType === type).map(({ name }) => ({ name })),
    ]),
  );
}

export function limits({ request, region }: RegionCall): unknown {
  const [type, name] = [request.query.get("acceleratorType"), request.query.get("resourceGroup")];
  if (!type) throw missing("acceleratorType");
  if (!name) throw missing("resourceGroup");
  const group = region.groups.find((one) => one.name === name && one.acceleratorType === type);
  if (group === undefined) throw invalid("resourceGroup");
  return {
    id: null,
    cpuNumber: group.cpu,
    mluLimits: 0,
    dcuLimits: 0,
    nvLimits: 0,
    gpuNumber: group.accelerators,
    memorySize: group.ramMb,
    resourceGroup: group.name,
    userName: null,
    nodeNumber: group.nodes,
    maxTime: group.maxTime,
  };
}

export const mountDirs = ({ region }: RegionCall): unknown =>
  region.mountDirs.map((path) => ({ path, type: "path" }));

const ImageQuery = z.object({
  access: z.enum(["public", "private"]),
  orderBy: z.enum(["create_time", "share_time", "clone_times"]),
  sort: z.enum(["DESC", "ASC"]),
  start: z.int(),
  limit: z.int(),
  name: z.string().nullish(),
  type: z.string().nullish(),
  acceleratorType: z.string().nullish(),
});

export function images(call: RegionCall): unknown {
  if (call.world.switches.imagesWithBody) throw new NotServed();
  const fields = fieldsOf(call);
  const query = ImageQuery.safeParse(fields);
  if (!query.success) throw invalid(String(query.error.issues[0]?.path[0] ?? ""));
  const { access, start, limit, name, type, acceleratorType } = query.data;
  const found = call.region.images.filter(
    (image) =>
      image.access === access &&
      (!name || image.version.includes(name)) &&
      (!type || image.type === type) &&
      (!acceleratorType || image.acceleratorType === acceleratorType),
  );
  return { data: found.slice(start, start + limit), total: found.length };
}

/** The older call. */
export function imagesWithBody(call: RegionCall): unknown {
  if (!call.world.switches.imagesWithBody) throw new NotServed();
  const { acceleratorType, imageType } = fieldsOf(call);
  const found = call.region.images.filter(
    (image) =>
      (!acceleratorType || image.acceleratorType === acceleratorType) &&
      (!imageType || image.type === imageType),
  );
  return wrap(call.world, found, found.length);
}
