/** The calls about container tasks (reference 3.1 to 3.9). */
import * as z from "zod";
import { PAGE_LIMIT, pageOf } from "./lists";
import {
  anything,
  type Call,
  check,
  InstanceId,
  Order,
  Size,
  scriptScope,
  toScriptLines,
  versionOf,
} from "./requests";
import type {
  ContainerOrder,
  ContainerSize,
  ContainerTaskDetail,
  ContainerTaskSummary,
  ScriptScope,
} from "./types";
import * as wire from "./wire";

const withToken = true;

/** The service's ways of saying "nothing". */
const orNothing = (text: string | null | undefined): string | undefined =>
  text == null || text === "" || text === "--" ? undefined : text;

/** Times come without a zone and are the platform's own, +08:00 (reference 3.3). */
export const toTime = (text: string | null | undefined): string | undefined => {
  const given = orNothing(text);
  return given?.replace(/^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)$/, "$1T$2+08:00");
};

const toSummary = (item: z.output<typeof wire.ListItem>): ContainerTaskSummary => ({
  instanceId: item.instanceServiceId ?? item.id ?? "",
  name: item.instanceServiceName ?? "",
  status: item.status ?? "",
  taskType: orNothing(item.taskType),
  createdAt: toTime(item.createTime),
});

const toDetail = (detail: z.output<typeof wire.DetailAnswer>): ContainerTaskDetail => ({
  instanceId: detail.id,
  name: detail.instanceServiceName,
  status: detail.status,
  taskType: detail.taskType,
  createdAt: toTime(detail.createTime),
  acceleratorType: detail.acceleratorType.toLowerCase(),
  image: detail.imagePath,
  resourceGroup: detail.resourceGroup,
  cpuCores: detail.cpuNumber,
  acceleratorCount: detail.gpuNumber,
  ramMib: detail.ramSize,
  containers: detail.taskNumber,
  timeLimit: detail.timeoutLimit ?? "unlimited",
  description: detail.description ?? "",
  startScript: orNothing(detail.startScriptContent),
  startScriptScope: orNothing(detail.startScriptActionScope),
  mounts: (detail.mountInfoList ?? []).map(({ sourcePath, targetPath, type }) => ({
    source: sourcePath,
    target: orNothing(targetPath),
    type: type ?? "path",
  })),
  ports: (detail.containerPortInfoList ?? []).map(({ accessUrl, containerPort, protocolType }) => ({
    port: containerPort,
    protocol: protocolType.toLowerCase() === "ssh" ? "ssh" : "http",
    url: orNothing(accessUrl),
  })),
  startedAt: toTime(detail.startTime),
  endedAt: toTime(detail.endTime),
  remainingTime: orNothing(detail.remainingTime),
});

/** Keys in the order of the vendor's own sample (seed 004). */
const toBody = (order: ContainerOrder): Readonly<Record<string, unknown>> => ({
  instanceServiceName: order.name,
  description: order.description ?? "",
  taskType: order.taskType,
  acceleratorType: order.acceleratorType,
  version: versionOf(order.image),
  imagePath: order.image,
  timeoutLimit: order.timeLimit,
  taskNumber: order.containers,
  resourceGroup: order.resourceGroup,
  useStartScript: order.startScript !== undefined,
  startScriptActionScope: order.startScriptScope,
  startScriptContent: order.startScript === undefined ? "" : toScriptLines(order.startScript),
  cpuNumber: order.cpuCores,
  ramSize: order.ramMib,
  gpuNumber: order.acceleratorCount,
  mountInfoList: order.mounts.map(({ source, target, type }) => ({
    sourcePath: source,
    targetPath: target,
    type,
  })),
  // the table says int, every sample sends text
  containerPortInfoList: order.ports.map(({ port, protocol }) => ({
    protocolType: protocol.toUpperCase(),
    containerPort: String(port),
  })),
});

const at = (verb: string, instanceId: string): { id: string; what: string } => {
  const id = check(`${verb} a container task`, z.object({ instanceId: InstanceId }), { instanceId });
  return { id: id.instanceId, what: `${verb} container task ${id.instanceId}` };
};

export const createTask = (order: ContainerOrder): Call<string> => {
  const what = `create container task ${/^[\w-]{1,64}$/.test(order.name) ? order.name : "of that name"}`;
  const checked = check(what, Order, order);
  return {
    what,
    write: true,
    withToken,
    endpoint: "create",
    body: toBody(checked),
    answer: wire.CreateAnswer,
    // a script may hold a password
    secrets: checked.startScript === undefined ? [] : [checked.startScript],
  };
};

const listPage = pageOf(wire.ListItem.transform(toSummary));
const LIST = { what: "list the container tasks", write: false, withToken } as const;

/** A page by query parameters, newest first. */
export const listTasks = (start: number): Call<z.output<typeof listPage>> => ({
  ...LIST,
  endpoint: "list",
  query: [
    ["start", String(start)],
    ["limit", String(PAGE_LIMIT)],
    ["sort", "desc"],
  ],
  answer: listPage,
});

/** A page as documented: a GET with a body (reference 3.2). */
export const listTasksWithBody = (start: number): Call<z.output<typeof listPage>> => ({
  ...LIST,
  endpoint: "listWithBody",
  body: { limit: PAGE_LIMIT, sort: "desc", start, status: null, taskType: null, instanceServiceName: null },
  answer: listPage,
});

const isEmpty = (data: unknown): boolean =>
  data === null ||
  data === undefined ||
  data === "" ||
  (typeof data === "object" && Object.keys(data).length === 0);

const detailAnswer = z.union([
  z
    .unknown()
    .refine(isEmpty)
    .transform(() => undefined),
  wire.DetailAnswer.transform(toDetail),
]);

export const getTask = (instanceId: string): Call<ContainerTaskDetail | undefined> => ({
  ...at("look at", instanceId),
  write: false,
  withToken,
  nothingIs404: true,
  endpoint: "detail",
  answer: detailAnswer,
});

const url = z
  .string()
  .max(8_192)
  .nullish()
  .transform((text) => (text && URL.canParse(text) ? text : undefined));

export const getTaskUrl = (instanceId: string): Call<string | undefined> => ({
  ...at("get the address of", instanceId),
  write: false,
  withToken,
  nothingIs404: true,
  endpoint: "url",
  answer: url,
});

/** An order about one instance whose answer says nothing. */
const order = (
  verb: string,
  instanceId: string,
  endpoint: "restart" | "stop" | "delete",
  parameter: string,
): Call<undefined> => {
  const { id, what } = at(verb, instanceId);
  return { what, write: true, withToken, endpoint, query: [[parameter, id]], answer: anything };
};

/** Starts what has ended. The id that is answered may be another and means nothing (reference 3.5). */
export const restartTask = (id: string) => order("start", id, "restart", "instanceServiceId");
export const stopTask = (id: string) => order("stop", id, "stop", "ids");
/** One id per call: what a batch does that fails in part is not known (reference 3.7). */
export const deleteTask = (id: string) => order("delete", id, "delete", "ids");

export const resizeTask = (instanceId: string, size: ContainerSize): Call<undefined> => {
  const { id, what } = at("change the size of", instanceId);
  const { cpuCores, acceleratorCount, ramMib } = check(what, Size, size);
  return {
    what,
    write: true,
    withToken,
    endpoint: "resize",
    body: { id, cpuNumber: cpuCores, gpuNumber: acceleratorCount, ramSize: ramMib },
    answer: anything,
  };
};

export const executeScript = (instanceId: string, script: string, scope: ScriptScope): Call<undefined> => {
  const { id, what } = at("run a script in", instanceId);
  return {
    what,
    write: true,
    withToken,
    endpoint: "executeScript",
    body: {
      id,
      startScriptActionScope: check(what, scriptScope, scope),
      startScriptContent: toScriptLines(check(what, z.string().min(1), script)),
    },
    secrets: [script],
    answer: anything,
  };
};
