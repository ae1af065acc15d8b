import type { z } from "zod";
import type { DetailAnswer, ListItem } from "../../provider/api/container/wire";
import { limitMs } from "./lifecycle";
import { localTime, span } from "./names";
import type { Task } from "./world";

const HOST = "10.0.35.26";

/** Where the first container's own page is. */
export function accessUrl(task: Task): string {
  const page = { jupyter: "jupyter-forward", codeserver: "codeserver-forward", rstudio: "rstudio-forward" };
  const forward = Object.entries(page).find(([type]) => type === task.taskType)?.[1] ?? "ssh-forward";
  return `http://${HOST}:7090/${forward}/${task.headId}/?token=${task.token}`;
}

function remaining(task: Task, now: number): string {
  const limit = limitMs(task.timeoutLimit);
  if (task.status !== "Running" || task.startedAt === null || limit === undefined) return "--";
  return span(task.startedAt + limit - now);
}

/** A line of the list. */
export function summaryOf(
  task: Task,
  now: number,
): z.input<typeof ListItem> & Readonly<Record<string, unknown>> {
  return {
    instanceServiceId: task.id,
    instanceServiceName: task.name,
    status: task.status,
    taskType: task.taskType,
    createTime: localTime(task.createdAt),
    startTime: task.startedAt === null ? null : localTime(task.startedAt),
    timeoutLimit: task.timeoutLimit,
    remainingTime: remaining(task, now),
  };
}

/** All of a task (reference 3.3), with what the table leaves out and the sample has. */
export function detailOf(
  task: Task,
  now: number,
): z.input<typeof DetailAnswer> & Readonly<Record<string, unknown>> {
  const isRunning = task.status === "Running";
  return {
    id: task.id,
    headerNotebookId: task.headId,
    instanceServiceName: task.name,
    currentIndex: 2,
    gpuNumber: task.gpuNumber,
    cpuNumber: task.cpuNumber,
    ramSize: task.ramSize,
    acceleratorType: task.acceleratorType,
    resourceGroup: task.resourceGroup,
    resourceSpec: `CPU:${task.cpuNumber}核; 加速器:${task.gpuNumber}卡; 内存:${(task.ramSize / 1_024).toFixed(1)}G`,
    taskNumber: task.taskNumber,
    timeoutLimit: task.timeoutLimit,
    userName: task.owner,
    version: task.version,
    imagePath: task.imagePath,
    status: task.status,
    taskType: task.taskType,
    description: task.description === "" ? null : task.description,
    createTime: localTime(task.createdAt),
    startTime: task.startedAt === null ? null : localTime(task.startedAt),
    endTime: task.endedAt === null ? null : localTime(task.endedAt),
    duration: task.startedAt === null ? "--" : span((task.endedAt ?? now) - task.startedAt),
    remainingTime: remaining(task, now),
    tensorboardId: null,
    tensorboardPath: null,
    mountInfoList: task.mounts.map((mount) => ({ ...mount })),
    containerPortInfoList: task.ports.map(({ containerPort, protocolType }) => ({
      accessUrl: isRunning
        ? protocolType === "SSH"
          ? `ssh://${HOST}:${20_000 + (Number(containerPort) % 10_000)}`
          : `http://${HOST}:7090/port-forward/${task.headId}/${containerPort}/?token=${task.token}`
        : null,
      containerPort,
      protocolType,
    })),
    useStartScript: task.useStartScript,
    startScriptContent: task.startScriptContent,
    startScriptPath: null,
    startScriptActionScope: task.startScriptActionScope,
    headerNotebookIp: isRunning ? task.headIp : null,
  };
}
