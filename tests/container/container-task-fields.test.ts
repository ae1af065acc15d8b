/** Every argument, set, changed and taken away: what it is on the wire, what it costs, and which calls it makes. */
import type { Values } from "../../provider/core/check";
import { containerTaskShape } from "../../provider/resources/container-task";
import { ContainerLab, TASK } from "./lab";
import { IMAGE } from "./platform";

let lab: ContainerLab;
beforeEach(async () => {
  lab = await ContainerLab.open({ switches: { waitMs: 0, deployMs: 0, deleteTakesMs: 0 } });
});
afterEach(() => lab.close());

const REPLACE = ["stop", "delete", "create"];
const CYCLE = ["stop", "resize", "restart"];

interface Row {
  /** Added to the arguments of the first create, and what it is on the wire there. */
  readonly set?: Values;
  readonly wire: Values;
  /** The change, what it is on the wire of the last call that carries it, and the calls it makes. */
  readonly change: Values;
  readonly changed?: Values;
  readonly calls: readonly string[];
  /** The calls when it is taken away after that; or what `check` says. */
  readonly removed: readonly string[] | string;
}

const PYTORCH = IMAGE.replace("jupyter:4.4-py3.7-gpu", "pytorch:2.1-gpu");
const mounts = (target: string) => [{ source: "/public/home/lab/data", target, type: "path" }];
const ports = (port: number) => [{ port, protocol: "http" }];

const rows: Readonly<Record<keyof typeof containerTaskShape, Row>> = {
  region: { wire: {}, change: { region: "华东一区" }, calls: REPLACE, removed: REPLACE },
  resourceGroup: {
    wire: { resourceGroup: "TeslaM40" },
    change: { resourceGroup: "TeslaV100" },
    changed: { resourceGroup: "TeslaV100" },
    calls: REPLACE,
    removed: "resourceGroup is missing: it must be the name of a resource group.",
  },
  name: {
    wire: { instanceServiceName: expect.stringMatching(/^trainer-pd1[0-9a-z]{8}$/) },
    change: { name: "other" },
    changed: { instanceServiceName: expect.stringMatching(/^other-/) },
    calls: REPLACE,
    removed: REPLACE,
  },
  taskType: {
    wire: { taskType: "jupyter" },
    change: { taskType: "codeserver" },
    changed: { taskType: "codeserver" },
    calls: REPLACE,
    removed: 'taskType is missing: it must be "ssh" or "jupyter" or "codeserver" or "rstudio".',
  },
  image: {
    wire: { imagePath: IMAGE, version: "jupyter:4.4-py3.7-gpu" },
    change: { image: PYTORCH },
    changed: { imagePath: PYTORCH, version: "pytorch:2.1-gpu" },
    calls: REPLACE,
    removed: "image is missing: it must be a full registry path such as host:port/…/name:tag.",
  },
  acceleratorType: {
    wire: { acceleratorType: "gpu" },
    change: { acceleratorType: "dcu", resourceGroup: "kshdtest" },
    changed: { acceleratorType: "dcu" },
    calls: REPLACE,
    removed: 'acceleratorType is missing: it must be "mlu" or "dcu" or "gpu" or "cpu".',
  },
  acceleratorCount: {
    wire: { gpuNumber: 1 },
    change: { acceleratorCount: 2 },
    changed: { cpuNumber: 4, gpuNumber: 2, ramSize: 16_384 },
    calls: CYCLE,
    removed: CYCLE,
  },
  cpuCores: {
    wire: { cpuNumber: 4 },
    change: { cpuCores: 8 },
    changed: { cpuNumber: 8, gpuNumber: 1, ramSize: 16_384 },
    calls: CYCLE,
    removed: "cpuCores is missing: it must be a whole number from 1 to 65535.",
  },
  ramMib: {
    wire: { ramSize: 16_384 },
    change: { ramMib: 8_192 },
    changed: { cpuNumber: 4, gpuNumber: 1, ramSize: 8_192 },
    calls: CYCLE,
    removed: "ramMib is missing: it must be a whole number from 1 to 1073741824 (MiB).",
  },
  containers: {
    wire: { taskNumber: 1 },
    change: { containers: 2 },
    changed: { taskNumber: 2 },
    calls: REPLACE,
    removed: REPLACE,
  },
  timeLimit: {
    wire: { timeoutLimit: "unlimited" },
    change: { timeLimit: 363_661 },
    changed: { timeoutLimit: "101:01:01" },
    calls: REPLACE,
    removed: REPLACE,
  },
  startScript: {
    wire: { useStartScript: false, startScriptContent: "" },
    change: { startScript: "cd /data\r\n./train.sh" },
    changed: { useStartScript: true, startScriptContent: "cd /data\n./train.sh\n" },
    calls: REPLACE,
    removed: REPLACE,
  },
  startScriptScope: {
    wire: { startScriptActionScope: "all" },
    change: { startScriptScope: "header" },
    changed: { startScriptActionScope: "header" },
    calls: REPLACE,
    removed: REPLACE,
  },
  mounts: {
    set: { mounts: mounts("/data") },
    wire: { mountInfoList: [{ sourcePath: "/public/home/lab/data", targetPath: "/data", type: "path" }] },
    change: { mounts: mounts("/other") },
    changed: { mountInfoList: [expect.objectContaining({ targetPath: "/other" })] },
    calls: REPLACE,
    removed: REPLACE,
  },
  ports: {
    set: { ports: ports(18_888) },
    wire: { containerPortInfoList: [{ protocolType: "HTTP", containerPort: "18888" }] },
    change: { ports: ports(80) },
    changed: { containerPortInfoList: [{ protocolType: "HTTP", containerPort: "80" }] },
    calls: REPLACE,
    removed: REPLACE,
  },
  description: {
    wire: { description: "" },
    change: { description: "第一次 run" },
    changed: { description: "第一次 run" },
    calls: REPLACE,
    removed: REPLACE,
  },
  powerState: { wire: {}, change: { powerState: "stopped" }, calls: ["stop"], removed: [] },
  timeouts: { wire: {}, change: { timeouts: { create: "2h" } }, calls: [], removed: [] },
  waitFor: { wire: {}, change: { waitFor: "accepted" }, calls: [], removed: [] },
  allowStop: { wire: {}, change: { allowStop: false }, calls: [], removed: [] },
  deletionProtection: { wire: {}, change: { deletionProtection: true }, calls: [], removed: [] },
  adoptInstance: { wire: {}, change: { adoptInstance: "some-other" }, calls: [], removed: [] },
};

const lastBody = (): unknown =>
  lab.simulator.requests.filter(({ write, body }) => write && body).at(-1)?.body;

/** The calls that `step` makes. */
const callsOf = async (step: () => Promise<unknown>): Promise<string[]> => {
  const before = lab.writes().length;
  await step();
  return lab.writes().slice(before);
};

test.each(Object.keys(containerTaskShape) as (keyof typeof rows)[])("%s", async (field) => {
  const { set, wire, change, changed, calls, removed } = rows[field];
  const [region] = lab.simulator.world.regions;
  for (const group of region?.groups.slice(0, 1) ?? []) region?.groups.push({ ...group, name: "TeslaV100" });
  const base = { ...TASK, allowStop: true, ...set };
  let task = await lab.create(base);
  expect(lastBody()).toMatchObject(wire);

  const after = { ...base, ...change };
  expect(
    await callsOf(async () => {
      const done = await lab.update(task, after);
      expect(done).toMatchObject({ did: calls === REPLACE ? "replace" : "update" });
      expect(done.reason).toBeUndefined();
      task = done;
    }),
  ).toEqual(calls);
  if (changed) expect(lastBody()).toMatchObject(changed);
  expect(await lab.update(task, after)).toMatchObject({ did: "nothing" });

  const { [field]: _, ...without } = after as Values;
  if (typeof removed === "string") {
    const { reasons } = await lab.check(task.inputs, without);
    expect(reasons).toContain(removed);
    return;
  }
  expect(
    await callsOf(async () => {
      task = await lab.update(task, without);
    }),
  ).toEqual(removed);
  expect(await lab.update(task, without)).toMatchObject({ did: "nothing" });
});
