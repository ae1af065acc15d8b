/** Calls about VMs, which the node calls tasks: `/tasks`. */
import * as z from "zod";
import { sanitise } from "../../core/sanitise";
import { toTaskDetail, toTaskSummary } from "./domain";
import * as field from "./fields";
import { atNode, atTask, type Call, check, shortNode } from "./requests";
import { MODIFY_ORDER } from "./texts";
import type { CreateTask, ModifyTask, TaskDetail, TaskSummary } from "./types";
import * as wire from "./wire";

/** What a verb answers for an id that has no libvirt domain: gone, not defined yet, a zombie, or libvirt is away. */
const NO_TASK = { words: "task not exist" };

const accepted = wire.AcceptedAnswer.transform(() => undefined);

/** The node takes every scalar as text only, and a number as absent. */
const text = (value: number | undefined): string | undefined =>
  value === undefined ? undefined : String(value);

export const listTasks = (id: string): Call<TaskSummary[]> => ({
  operation: "list task",
  ...atNode("list the VMs of", id),
  path: "/tasks",
  write: false,
  additional: {},
  needsAuthority: true,
  answer: wire.TasksAnswer.transform((tasks) => tasks.map(toTaskSummary)),
});

export const getTask = (node: string, task: string): Call<TaskDetail> => {
  const { nodeId, taskId, what } = atTask("read", node, task);
  return {
    operation: "list task", // the client node's name for both
    nodeId,
    what,
    path: `/tasks/${taskId}`,
    write: false,
    additional: {},
    needsAuthority: true,
    notFound: { words: "task_id not exist", errcode: -3 },
    answer: wire.TaskDetailAnswer.refine((answer) => answer.task_id === taskId).transform(toTaskDetail),
  };
};

const NewTask = z.object({
  taskId: field.newTaskId.optional(),
  image: field.image,
  os: field.os.optional(),
  bios: field.bios.optional(),
  description: field.description.optional(),
  gpuCount: field.gpuCount,
  cpuCores: field.cpuCores,
  memoryGib: field.memoryGib,
  diskGib: field.diskGib.optional(),
  sshPort: field.port.optional(),
  rdpPort: field.port.optional(),
  vncPort: field.vncPort,
  publicIp: field.publicIp.optional(),
  customPorts: field.several(field.customPort).optional(),
  dataFile: field.fileName.optional(),
  networkName: field.lanName.optional(),
  multicast: field.several(field.multicast).optional(),
  networkFilters: field.several(field.networkFilter).optional(),
  interfaceModel: field.interfaceModel.optional(),
});

export const createTask = (node: string, input: CreateTask): Call<TaskSummary> => {
  const { nodeId } = atNode("create a VM on", node);
  const task = check(`create a VM on ${shortNode(nodeId)}`, NewTask, input);
  return {
    operation: "create task",
    nodeId,
    what: `create VM ${task.taskId ?? "(without an id of ours)"} on ${shortNode(nodeId)}`,
    path: "/tasks/start",
    write: true,
    additional: {
      task_id: task.taskId,
      image_name: task.image,
      operation_system: task.os,
      bios_mode: task.bios,
      desc: task.description,
      gpu_count: text(task.gpuCount),
      cpu_cores: text(task.cpuCores),
      mem_size: text(task.memoryGib),
      disk_size: text(task.diskGib),
      ssh_port: text(task.sshPort),
      rdp_port: text(task.rdpPort),
      vnc_port: text(task.vncPort),
      public_ip: task.publicIp,
      custom_port: task.customPorts,
      data_file_name: task.dataFile,
      network_name: task.networkName,
      multicast: task.multicast,
      network_filters: task.networkFilters,
      interface_model_type: task.interfaceModel,
    },
    needsAuthority: true,
    // an answer about another VM proves nothing about ours
    answer: wire.TaskAnswer.refine(
      (answer) => task.taskId === undefined || answer.task_id === task.taskId,
    ).transform(toTaskSummary),
  };
};

const verb =
  (operation: string, words: string, wireVerb: string) =>
  (node: string, task: string): Call<undefined> => {
    const { nodeId, taskId, what } = atTask(words, node, task);
    return {
      operation,
      nodeId,
      what,
      path: `/tasks/${wireVerb}/${taskId}`,
      write: true,
      additional: {},
      needsAuthority: true,
      notFound: NO_TASK,
      answer: accepted,
    };
  };

export const startTask = verb("start task", "start", "start");
/** As hard as {@link poweroffTask}, whatever its name says (TM 3071). */
export const shutdownTask = verb("shutdown task", "shut down", "shutdown");
export const poweroffTask = verb("stop task", "power off", "poweroff");
export const resetTask = verb("reset task", "reset", "reset");
export const deleteTask = verb("delete task", "delete", "delete");
const restart = verb("restart task", "restart", "restart");

export const restartTask = (node: string, task: string, force: boolean): Call<undefined> => {
  const call = restart(node, task);
  return force ? { ...call, path: `${call.path}?force_reboot=true` } : call;
};

const Changes = z.object({
  publicIp: field.publicIp.optional(),
  sshPort: field.port.optional(),
  rdpPort: field.port.optional(),
  vncPort: field.vncPort.optional(),
  customPorts: field.several(field.customPort).optional(),
  networkFilters: field.several(field.networkFilter).optional(),
  gpuCount: field.gpuCount.optional(),
  cpuCores: field.cpuCores.optional(),
  memoryGib: field.memoryGib.optional(),
});

export const modifyTask = (node: string, task: string, input: ModifyTask): Call<{ atNextBoot: boolean }> => {
  const { nodeId, taskId, what } = atTask("modify", node, task);
  const changes = check(what, Changes, input);
  return {
    operation: "modify task",
    nodeId,
    what,
    path: `/tasks/modify/${taskId}`,
    write: true,
    changes: MODIFY_ORDER.filter((name) => changes[name] !== undefined),
    additional: {
      new_public_ip: changes.publicIp, // without it the node takes the present one away (TM 1877)
      new_ssh_port: text(changes.sshPort),
      new_rdp_port: text(changes.rdpPort),
      new_custom_port: changes.customPorts,
      new_network_filters: changes.networkFilters,
      new_vnc_port: text(changes.vncPort),
      new_gpu_count: text(changes.gpuCount),
      new_cpu_cores: text(changes.cpuCores),
      new_mem_size: text(changes.memoryGib),
    },
    needsAuthority: true,
    notFound: NO_TASK,
    answer: wire.AcceptedAnswer.transform((words) => ({ atNextBoot: words === wire.AT_NEXT_BOOT })),
  };
};

const Login = z.object({ username: field.username, password: field.password });

export const setPassword = (
  node: string,
  task: string,
  login: { readonly username: string; readonly password: string },
): Call<undefined> => {
  const { nodeId, taskId, what } = atTask("set the password of", node, task);
  const { username, password } = check(what, Login, login);
  return {
    operation: "set task user password",
    nodeId,
    what,
    path: `/tasks/passwd/${taskId}`,
    write: true,
    additional: { username, password },
    secrets: [password],
    needsAuthority: true,
    notFound: NO_TASK,
    answer: accepted,
  };
};

const LogRange = z.object({
  from: z.enum(["head", "tail"], { error: "must be head or tail" }),
  lines: z
    .int({ error: "must be a whole number" })
    .min(1, "must be at least 1")
    .max(100, "must be at most 100"),
});

export const getTaskLogs = (
  node: string,
  task: string,
  { from = "tail", lines = 100 }: { readonly from?: "head" | "tail"; readonly lines?: number },
): Call<string[]> => {
  const { nodeId, taskId, what } = atTask("read the log of", node, task);
  const range = check(what, LogRange, { from, lines });
  return {
    operation: "task logs",
    nodeId,
    what,
    path: `/tasks/logs/${taskId}?flag=${range.from}&line_num=${range.lines}`,
    write: false,
    additional: {},
    needsAuthority: true,
    notFound: NO_TASK,
    answer: wire.LogsAnswer.transform((answer) => answer.log_content.map((line) => sanitise(line, 2_000))),
  };
};
