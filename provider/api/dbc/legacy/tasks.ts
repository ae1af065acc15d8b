/** Calls about VMs of the older generation: `/tasks` (seed 000). */
import * as z from "zod";
import { RemoteError } from "../../../core/errors";
import { toTaskSummary } from "../domain";
import * as field from "../fields";
import { atNode, type Call, check, shortNode } from "../requests";
import * as current from "../tasks";
import type { CreateTask, TaskDetail, TaskSummary } from "../types";
import { TaskAnswer } from "../wire";
import { toLegacyTaskDetail } from "./domain";
import { OLDER } from "./lacks";
import { LegacyTaskDetailAnswer } from "./wire";

/** Here a verb, too, tells by this that there is no such VM. */
const NO_TASK = { words: "task_id not exist", errcode: -3 };

/** Only ids, times and statuses; earlier nodes add what the VM is made of. */
export const listTasks = current.listTasks;

export const getTask = (node: string, task: string): Call<TaskDetail> => ({
  ...current.getTask(node, task),
  answer: LegacyTaskDetailAnswer.refine((answer) => answer.task_id === task).transform(toLegacyTaskDetail),
});

const NewTask = z.object({
  image: field.image,
  gpuCount: field.gpuCount,
  cpuCores: field.cpuCores,
  memoryGib: field.memoryGib,
  diskGib: field.diskGib,
  sshPort: field.port,
  vncPort: field.vncPort.max(6_000, "must be at most 6000"),
});

/** What a create of the older generation has no word for. */
const UNKNOWN = [
  "taskId",
  "description",
  "rdpPort",
  "publicIp",
  "customPorts",
  "dataFile",
  "networkName",
  "multicast",
  "networkFilters",
  "interfaceModel",
] as const satisfies readonly (keyof CreateTask)[];

/** Seven fields, and no id of ours: a second order makes a second VM. */
export const createTask = (node: string, input: CreateTask): Call<TaskSummary> => {
  const { nodeId } = atNode("create a VM on", node);
  const what = `create a VM on ${shortNode(nodeId)}`;
  const unknown: string[] = UNKNOWN.filter((name) => input[name] !== undefined);
  if (input.os !== undefined && !/linux|ubuntu/i.test(input.os)) unknown.push("os");
  if (input.bios !== undefined && input.bios !== "legacy") unknown.push("bios");
  if (unknown.length > 0)
    throw new RemoteError("not-sent", `could not ${what}: ${OLDER} does not take ${unknown.join(", ")}`);
  const task = check(what, NewTask, input);
  return {
    operation: "create task",
    nodeId,
    what: `create a VM with sshPort ${task.sshPort} and vncPort ${task.vncPort} on ${shortNode(nodeId)}`,
    path: "/tasks/start",
    write: true,
    additional: {
      ssh_port: String(task.sshPort),
      image_name: task.image,
      gpu_count: String(task.gpuCount),
      cpu_cores: String(task.cpuCores),
      mem_size: String(task.memoryGib),
      disk_size: String(task.diskGib),
      vnc_port: String(task.vncPort),
    },
    needsAuthority: true,
    answer: TaskAnswer.transform(toTaskSummary),
  };
};

type Verb = (node: string, task: string) => Call<undefined>;

const verb =
  (like: Verb): Verb =>
  (node, task) => ({ ...like(node, task), notFound: NO_TASK });

export const startTask = verb(current.startTask);
export const resetTask = verb(current.resetTask);
/** The path that nodes took; seed 000 prints that of the detail, which deletes nothing. */
export const deleteTask = verb(current.deleteTask);

/** A hard power-off, under its old name. */
export const stopTask: Verb = (node, task) => {
  const call = verb(current.poweroffTask)(node, task);
  return { ...call, path: call.path.replace("/tasks/poweroff/", "/tasks/stop/") };
};

export const restartTask = (node: string, task: string, force: boolean): Call<undefined> => {
  const call = verb((id, vm) => current.restartTask(id, vm, false))(node, task);
  if (force)
    throw new RemoteError("not-sent", `could not ${call.what} by force: ${OLDER} can only ask the guest`);
  return call;
};

export const getTaskLogs = (
  node: string,
  task: string,
  range: { readonly from?: "head" | "tail"; readonly lines?: number },
): Call<string[]> => ({ ...current.getTaskLogs(node, task, range), notFound: NO_TASK });
