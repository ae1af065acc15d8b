import { z } from "zod";
import type { Dice } from "../dice";
import { enqueue } from "./lifecycle";
import { randomIp } from "./names";
import { invalid, missing, Refusal } from "./refusal";
import type { Bearer } from "./token";
import type { ContainerWorld, Region, Task } from "./world";

const portNumber = z
  .union([z.int(), z.string().regex(/^\d{1,5}$/)])
  .transform(String)
  .refine((port) => Number(port) >= 1 && Number(port) <= 65_535);

const shape = {
  instanceServiceName: z.string().min(1),
  taskType: z.enum(["ssh", "jupyter", "codeserver", "rstudio"]),
  acceleratorType: z.enum(["mlu", "dcu", "gpu", "cpu"]),
  version: z.string().min(1),
  imagePath: z.string().min(1),
  resourceGroup: z.string().min(1),
  cpuNumber: z.int().min(1),
  ramSize: z.int().min(1),
  gpuNumber: z.int().min(0),
  taskNumber: z.int().min(1),
  timeoutLimit: z.string().regex(/^(unlimited|\d{2,}:[0-5]\d:[0-5]\d)$/),
  useStartScript: z.boolean(),
  startScriptActionScope: z.enum(["all", "header"]),
  startScriptContent: z.string().nullish(),
  description: z.string().nullish(),
  mountInfoList: z
    .array(
      z.object({
        sourcePath: z.string().min(1),
        targetPath: z.string().min(1),
        type: z.enum(["data", "path"]),
      }),
    )
    .nullish(),
  containerPortInfoList: z
    .array(z.object({ containerPort: portNumber, protocolType: z.enum(["SSH", "HTTP"]) }))
    .nullish(),
};

const Body = z.object(shape);
type Body = z.output<typeof Body>;

/** A create's fields, each checked as the vendor's table has it: missing is 10003, wrong is 10004. */
export function readCreate(input: unknown): Body {
  const given = (typeof input === "object" && input !== null ? input : {}) as Readonly<
    Record<string, unknown>
  >;
  for (const [name, schema] of Object.entries(shape)) {
    const value = given[name];
    if ((value === undefined || value === null) && !schema.safeParse(undefined).success) throw missing(name);
    if (!schema.safeParse(value).success) throw invalid(name);
  }
  const body = Body.parse(given);
  if (body.useStartScript && !body.startScriptContent) throw missing("startScriptContent");
  if (body.startScriptContent && !body.startScriptContent.endsWith("\n")) throw invalid("startScriptContent");
  if (body.version !== body.imagePath.slice(body.imagePath.lastIndexOf("/") + 1)) throw invalid("version");
  return body;
}

/** Refuses what the region does not have. */
export function judgeCreate(world: ContainerWorld, region: Region, body: Body): void {
  const reason = reasonAgainst(region, body);
  if (reason !== undefined) throw new Refusal(world.switches.refusalCode, `创建任务错误: ${reason}`);
}

function reasonAgainst(region: Region, body: Body): string | undefined {
  const group = region.groups.find(({ name }) => name === body.resourceGroup);
  if (group === undefined || group.acceleratorType !== body.acceleratorType)
    return `no resource group ${body.resourceGroup} of type ${body.acceleratorType}`;
  if (!region.images.some(({ path }) => path === body.imagePath)) return "image not found";
  const foreign = (body.mountInfoList ?? []).find(
    ({ sourcePath }) =>
      !region.mountDirs.some((dir) => sourcePath === dir || sourcePath.startsWith(`${dir}/`)),
  );
  if (foreign !== undefined) return `mount path ${foreign.sourcePath} not allowed`;
  const { cpu, accelerators, ramMb } = group;
  const isTooBig = body.cpuNumber > cpu || body.gpuNumber > accelerators || body.ramSize > ramMb;
  return isTooBig ? "resource quota exceeded" : undefined;
}

/** What a name asks for: `fault-fail` never comes up, `fault-complete-30` ends by itself after 30 s. */
function fateOf(name: string): Task["fate"] {
  const completes = /fault-complete-(\d+)/.exec(name)?.[1];
  return {
    fail: name.includes("fault-fail"),
    completesAfterMs: completes === undefined ? null : Number(completes) * 1_000,
  };
}

/** Makes the task; it stands in its group's queue from now on. */
export function createTask(
  world: ContainerWorld,
  region: Region,
  { account }: Bearer,
  body: Body,
  now: number,
  dice: Dice,
): Task {
  const task: Task = {
    id: dice.hex(16),
    region: region.id,
    owner: account.computeUser,
    name: body.instanceServiceName,
    taskType: body.taskType,
    acceleratorType: body.acceleratorType,
    version: body.version,
    imagePath: body.imagePath,
    resourceGroup: body.resourceGroup,
    taskNumber: body.taskNumber,
    timeoutLimit: body.timeoutLimit,
    useStartScript: body.useStartScript,
    startScriptContent: body.startScriptContent ?? "",
    startScriptActionScope: body.startScriptActionScope,
    description: body.description ?? "",
    mounts: body.mountInfoList ?? [],
    ports: body.containerPortInfoList ?? [],
    cpuNumber: body.cpuNumber,
    gpuNumber: body.gpuNumber,
    ramSize: body.ramSize,
    status: "Waiting",
    createdAt: now,
    stepEndsAt: null,
    queuedAt: now,
    startedAt: null,
    endedAt: null,
    stopsAt: null,
    goesAt: null,
    headId: dice.hex(16),
    headIp: randomIp(dice),
    token: `sothisai_${dice.hex(16)}`,
    placed: [],
    fate: fateOf(body.instanceServiceName),
    scripts: [],
  };
  enqueue(world, task, now);
  world.tasks.push(task);
  return task;
}
