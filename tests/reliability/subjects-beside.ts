import type { Definition } from "../../provider/core/resource";
import { computingResourceQuery } from "../../provider/resources/computing-resource-query";
import { containerTask } from "../../provider/resources/container-task";
import { containerTaskKey } from "../../provider/resources/container-task-key";
import { image } from "../../provider/resources/image";
import { imageUpload } from "../../provider/resources/image-upload";
import {
  computingResourceQueryKey,
  taskPathKey,
  taskTemplateSubmissionKey,
} from "../../provider/resources/interconnect-key";
import type { RequestShape } from "../../provider/resources/interconnect-request";
import { monitorServers } from "../../provider/resources/monitor-servers";
import type { Site } from "../../provider/resources/site";
import { taskPath } from "../../provider/resources/task-path";
import { taskTemplateSubmission } from "../../provider/resources/task-template-submission";
import type { vmKeyShape } from "../../provider/resources/vm-key";
import { TASK } from "../container/lab";
import { keyed, plain } from "./programs";
import { cutOff } from "./subject-vm";
import type { Subject } from "./subjects";
import { NODE, type World } from "./world";

const node = ({ simulator }: World) => simulator.requireNode(NODE);
const server = ({ simulator }: World) => simulator.world.imageServers[0]?.images ?? [];
const ON_SERVER_ALONE = ["others.qcow2", "tools.qcow2"];
const ON_NODE_ALONE = ["own.qcow2", "spare.qcow2"];

const namesOf = (files: readonly { readonly name: string }[]) => [...new Set(files.map(({ name }) => name))];
const transfers = (world: World) =>
  node(world)
    .transfers.filter(({ endsAt }) => endsAt > world.clock.time())
    .map(({ fileName }) => ({ name: fileName }));
const fetched = (world: World) => node(world).images.filter(({ name }) => ON_SERVER_ALONE.includes(name));
const uploaded = (world: World) => server(world).filter(({ name }) => ON_NODE_ALONE.includes(name));

const ofImage: Subject = {
  name: "Image::a",
  base: [],
  program: (args) => plain(image, "a", args),
  args: {
    nodeId: NODE,
    name: "tools.qcow2",
    imageServer: "lab",
    deleteFromNode: true,
    timeouts: { create: "5m" },
  },
  replaced: { name: "others.qcow2" },
  hinder: cutOff,
  alive: (world) => namesOf([...transfers(world), ...fetched(world)]),
  world: (world, { state }) => {
    const found = fetched(world).find(({ name }) => name === state.name);
    return { name: found?.name };
  },
};

const ofImageUpload: Subject = {
  name: "ImageUpload::a",
  base: [],
  program: (args) => plain(imageUpload, "a", args),
  args: { nodeId: NODE, name: "own.qcow2", imageServer: "lab", timeouts: { create: "5m" } },
  replaced: { name: "spare.qcow2" },
  hinder: cutOff,
  alive: (world) => namesOf([...transfers(world), ...uploaded(world)]),
  // no call takes anything from an image server
  left: transfers,
  world: (world, { state }) => ({ image: uploaded(world).find(({ name }) => name === state.image)?.name }),
};

const ofMonitorServers: Subject = {
  name: "MonitorServers::a",
  base: [],
  program: (args) => plain(monitorServers, "a", args),
  args: { nodeId: NODE, servers: ["zabbix.example.com:10051"] },
  changed: { servers: ["other.example.com:10051"] },
  hinder: {
    ...cutOff,
    start: ({ simulator }) => void simulator.arm({ kind: "lost-answer", operation: "monitor.set" }),
  },
  alive: (world) => lists(world),
  world: (world) => ({ servers: lists(world)[0] }),
};

const lists = (world: World) => Object.values(node(world).monitors).filter((servers) => servers.length > 0);

const group = ({ simulator }: World) => {
  const [found] = simulator.container.world.regions[0]?.groups ?? [];
  if (!found) throw new Error("there is no resource group");
  return found;
};

/** Fills nodes of the group with other people's work. */
const fill = (world: World, nodes: number): void => {
  group(world).busyNodes = nodes;
  world.simulator.container.settle();
};

const ofContainerTask: Subject = {
  name: "ContainerTask::a",
  base: [],
  program: (args) => keyed(containerTask, containerTaskKey, "a", args),
  args: (({ __key, ...args }) => ({ ...args, allowStop: true, timeouts: { create: "5m" } }))(TASK),
  changed: { cpuCores: 8 },
  replaced: { timeLimit: "12:00:00" },
  hinder: { start: (world) => fill(world, group(world).nodes), end: (world) => fill(world, 0) },
  alive: ({ simulator }) => simulator.container.tasks,
  world: ({ simulator }) => {
    const [task] = simulator.container.tasks;
    return {
      instanceId: task?.id,
      instanceName: task?.name,
      status: task?.status,
      cpuCores: task?.cpuNumber,
      timeLimit: task?.timeoutLimit,
      acceleratorCount: task?.gpuNumber,
      ramMib: task?.ramSize,
    };
  },
};

const ofRequest = (
  kind: string,
  definition: Definition<RequestShape, Site>,
  key: Definition<typeof vmKeyShape, Site>,
): Subject => ({
  name: `${kind}::a`,
  base: [],
  program: (args) => keyed(definition, key, "a", args, "sessionIdentifier"),
  args: { data: { userID: "alice" } },
  replaced: { refreshTrigger: "2" },
  resumed: { resendTrigger: "1" },
  hinder: {
    start: ({ simulator }) => void simulator.interconnect.arm({ kind: "lost-answer" }),
    end: () => undefined,
  },
  alive: ({ simulator }) => simulator.interconnect.journal,
  isRecord: true,
  left: () => [],
  world: ({ simulator }, { state }) => {
    const row = simulator.interconnect.journal.at(-1);
    // nobody knows whether it was written, and it was not
    if (row === undefined) return { phase: state.phase === "unknown" ? "unknown" : "written" };
    return {
      // one whose answer was lost is told so, and left alone
      phase: expect.stringMatching(/^(ready|unknown)$/),
      source: row?.source,
      sessionIdentifier: row?.session_identifier,
      data: row?.data,
    };
  },
});

export const BESIDE: readonly Subject[] = [
  ofImage,
  ofImageUpload,
  ofMonitorServers,
  ofContainerTask,
  ofRequest("ComputingResourceQuery", computingResourceQuery, computingResourceQueryKey),
  ofRequest("TaskTemplateSubmission", taskTemplateSubmission, taskTemplateSubmissionKey),
  ofRequest("TaskPath", taskPath, taskPathKey),
];
