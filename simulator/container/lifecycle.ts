import type { Dice } from "../dice";
import { randomIp } from "./names";
import { type ContainerWorld, type Group, isActive, type Task } from "./world";

/** `HH:MM:SS` in milliseconds; `undefined` for no limit. */
export function limitMs(limit: string): number | undefined {
  const [hours, minutes, seconds] = limit.split(":").map(Number);
  if (limit === "unlimited" || seconds === undefined) return undefined;
  return ((hours ?? 0) * 3_600 + (minutes ?? 0) * 60 + seconds) * 1_000;
}

/** Nodes on which the containers of a task fit now, one entry for each container; `undefined` when they don't. */
export function place(world: ContainerWorld, group: Group, task: Task): number[] | undefined {
  const free = Array.from({ length: Math.max(0, group.nodes - group.busyNodes) }, () => ({
    cpu: group.cpu,
    accelerators: group.accelerators,
    ramMb: group.ramMb,
  }));
  for (const other of world.tasks)
    if (other.region === task.region && other.resourceGroup === group.name)
      for (const node of other.placed) {
        const there = free[node];
        if (there === undefined) continue;
        there.cpu -= other.cpuNumber;
        there.accelerators -= other.gpuNumber;
        there.ramMb -= other.ramSize;
      }
  const placed: number[] = [];
  for (let container = 0; container < task.taskNumber; container++) {
    const node = free.findIndex(
      ({ cpu, accelerators, ramMb }) =>
        cpu >= task.cpuNumber && accelerators >= task.gpuNumber && ramMb >= task.ramSize,
    );
    const there = free[node];
    if (there === undefined) return undefined;
    there.cpu -= task.cpuNumber;
    there.accelerators -= task.gpuNumber;
    there.ramMb -= task.ramSize;
    placed.push(node);
  }
  return placed;
}

function end(task: Task, status: "Completed" | "Failed" | "Terminated", time: number): void {
  task.status = status;
  task.endedAt = time;
  task.stepEndsAt = null;
  task.stopsAt = null;
  task.placed = [];
}

/** Takes a task out of the world. */
export function forget(world: ContainerWorld, task: Task): void {
  world.tasks = world.tasks.filter((one) => one !== task);
}

/** Ends a task that is active, from outside. */
export function terminate(task: Task, time: number): void {
  if (isActive(task)) end(task, "Terminated", time);
}

/** Puts a task, new or ended, at the end of its group's queue. */
export function enqueue(world: ContainerWorld, task: Task, time: number): void {
  task.status = "Waiting";
  task.queuedAt = time;
  task.stepEndsAt = time + world.switches.waitMs;
  task.startedAt = null;
  task.endedAt = null;
}

function run(task: Task, time: number, dice: Dice): void {
  if (task.fate.fail) {
    end(task, "Failed", time);
    return;
  }
  task.status = "Running";
  task.startedAt = time;
  task.headId = dice.hex(16);
  task.headIp = randomIp(dice);
  task.token = `sothisai_${dice.hex(16)}`;
  const ends = [limitMs(task.timeoutLimit), task.fate.completesAfterMs ?? undefined].flatMap((ms) =>
    ms === undefined ? [] : [time + ms],
  );
  task.stepEndsAt = ends.length === 0 ? null : Math.min(...ends);
}

function finish(task: Task, time: number): void {
  const limit = limitMs(task.timeoutLimit);
  const isLimit = limit !== undefined && task.startedAt !== null && time >= task.startedAt + limit;
  end(task, isLimit ? "Terminated" : "Completed", time);
}

/** Queues are first in, first out: whoever does not fit holds up those behind. */
function admit(world: ContainerWorld, time: number): void {
  for (const region of world.regions)
    for (const group of region.groups) {
      const queue = world.tasks
        .filter(
          ({ region: id, resourceGroup, status }) =>
            id === region.id && resourceGroup === group.name && status === "Waiting",
        )
        .sort((a, b) => a.queuedAt - b.queuedAt);
      for (const task of queue) {
        const placed = (task.stepEndsAt ?? 0) <= time ? place(world, group, task) : undefined;
        if (placed === undefined) break;
        task.status = "Deploying";
        task.placed = placed;
        task.stepEndsAt = time + world.switches.deployMs;
      }
    }
}

const never = Number.POSITIVE_INFINITY;

/** When a task is next in for something by itself; whoever waits is let in by its group, not before `stepEndsAt`. */
const due = (task: Task): number =>
  Math.min(isActive(task) ? (task.stepEndsAt ?? never) : never, task.stopsAt ?? never, task.goesAt ?? never);

/** Does what is due for a task at `time`. */
function step(world: ContainerWorld, task: Task, time: number, dice: Dice): void {
  if (task.goesAt !== null && task.goesAt <= time) forget(world, task);
  else if (task.stopsAt !== null && task.stopsAt <= time) terminate(task, time);
  else if (task.status === "Deploying") run(task, time, dice);
  else finish(task, time);
}

/** Does all that was due until `now`, in order; answers when there will be more to do. */
export function catchUp(world: ContainerWorld, now: number, dice: Dice): number | undefined {
  const stepOf = (task: Task): number =>
    task.status === "Waiting" ? Math.min(task.stopsAt ?? never, task.goesAt ?? never) : due(task);
  for (;;) {
    const next = world.tasks.reduce<Task | undefined>(
      (first, task) => (first && stepOf(first) <= stepOf(task) ? first : task),
      undefined,
    );
    const time = next === undefined ? never : stepOf(next);
    admit(world, Math.min(time, now));
    if (next === undefined || time > now) break;
    step(world, next, time, dice);
    admit(world, time);
  }
  const later = world.tasks.map(due).filter((time) => time > now && time < never);
  return later.length === 0 ? undefined : Math.min(...later);
}
