import { z } from "zod";
import { faultKinds } from "../fault";
import type { HttpReply, HttpRequest } from "../http/message";
import { profiles } from "../profile";
import type { Simulator } from "../simulator";
import { nodeSeed, worldSeed } from "../world/seed";
import { blockAt } from "../world/world";
import { ControlError } from "./control";
import { showWorld } from "./view";

const root = "/_control/";

export function isControl(request: HttpRequest): boolean {
  return request.uri.startsWith(root) || request.uri === "/_control";
}

const at = { node: z.string() };
const vm = { ...at, task: z.string() };
const domainStates = [
  "running",
  "shutoff",
  "paused",
  "blocked",
  "shutdown",
  "crashed",
  "pmsuspended",
] as const;

type Run = (simulator: Simulator, input: unknown) => unknown;

/** A command: the shape of its input, and what it does; what it returns is the answer. */
function command<Shape extends z.ZodType>(
  shape: Shape,
  run: (simulator: Simulator, input: z.output<Shape>) => unknown,
): Run {
  return (simulator, input) => run(simulator, shape.parse(input));
}

const faultOrder = z.strictObject({
  kind: z.enum(faultKinds),
  operation: z.string().optional(),
  nodeId: z.string().optional(),
  taskId: z.string().optional(),
  times: z.number().int().positive().nullable().optional(),
  after: z.number().int().nonnegative().optional(),
  seconds: z.number().nonnegative().optional(),
  message: z.string().optional(),
  code: z.number().int().optional(),
});

const commands: Readonly<Record<string, Run>> = {
  help: () => ({ commands: Object.keys(commands) }),
  world: (simulator) => showWorld(simulator),
  seed: command(worldSeed, (simulator, seed) => simulator.seed(seed)),
  "add-node": command(nodeSeed, (simulator, seed) => simulator.addNode(seed)),
  time: (simulator) => ({
    time: simulator.clock.today().toISOString(),
    block: blockAt(simulator.world, simulator.clock.time()),
    clock: simulator.clock.kind,
  }),
  advance: command(z.strictObject({ seconds: z.number().nonnegative() }), (simulator, { seconds }) =>
    simulator.advance(seconds * 1000),
  ),
  profile: command(
    z.strictObject({ name: z.enum(Object.keys(profiles) as [keyof typeof profiles]) }),
    (simulator, { name }) => simulator.setProfile(name),
  ),
  faults: (simulator) => ({ armed: simulator.faults, kinds: faultKinds }),
  arm: command(faultOrder, (simulator, order) => ({ id: simulator.arm(order) })),
  disarm: command(z.strictObject({ id: z.number().int().optional() }), (simulator, { id }) =>
    simulator.disarm(id),
  ),
  requests: command(
    z.strictObject({
      writes: z.boolean().optional(),
      operation: z.string().optional(),
      last: z.number().optional(),
    }),
    (simulator, { writes, operation, last }) => {
      const found = simulator.requests.filter(
        (request) =>
          (writes === undefined || request.write === writes) &&
          (operation === undefined || request.operation === operation),
      );
      return { requests: last === undefined ? found : found.slice(-last) };
    },
  ),
  "clear-requests": (simulator) => simulator.clearRequests(),
  link: command(
    z.strictObject({ ...at, link: z.enum(["online", "offline", "frozen"]) }),
    (simulator, { node, link }) => simulator.setLink(node, link),
  ),
  "restart-miner": command(
    z.strictObject({ ...at, host: z.boolean().optional() }),
    (simulator, { node, host }) => simulator.restartMiner(node, { host: host ?? false }),
  ),
  "set-node": command(
    z.strictObject({
      ...at,
      libvirt: z.enum(["up", "down"]).optional(),
      guestAgent: z.boolean().optional(),
      foreignDomains: z.number().int().nonnegative().optional(),
      machineStatus: z.enum(["online", "rented", "verifying", "unknown"]).optional(),
      garbageSize: z.number().int().optional(),
      version: z.string().optional(),
    }),
    (simulator, { node, ...change }) =>
      simulator.setNode(
        node,
        Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)),
      ),
  ),
  rent: command(
    z.strictObject({
      ...at,
      renter: z.string(),
      order: z.string().optional(),
      gpuIndexes: z.array(z.number().int()).optional(),
      endBlock: z.number().int().optional(),
      status: z.string().optional(),
    }),
    (simulator, { node, renter, ...rest }) =>
      simulator.rent(node, {
        renter,
        ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
      }),
  ),
  "end-rental": command(
    z.strictObject({ ...at, id: z.string().optional(), prune: z.boolean().optional() }),
    (simulator, { node, id, prune }) => simulator.endRental(node, id, { prune: prune ?? false }),
  ),
  "delete-vm": command(z.strictObject(vm), (simulator, { node, task }) => simulator.deleteVm(node, task)),
  "stop-vm": command(z.strictObject(vm), (simulator, { node, task }) =>
    simulator.setDomain(node, task, "shutoff"),
  ),
  "set-domain": command(
    z.strictObject({ ...vm, domain: z.enum(domainStates).nullable() }),
    (simulator, { node, task, domain }) => simulator.setDomain(node, task, domain),
  ),
  "add-image": command(
    z.strictObject({
      ...at,
      name: z.string(),
      sizeGib: z.number().optional(),
      virtualGib: z.number().optional(),
    }),
    (simulator, { node, name, sizeGib = 4.5, virtualGib = 40 }) =>
      simulator.addImage(node, { name, sizeGib, virtualGib }),
  ),
  "remove-image": command(z.strictObject({ ...at, name: z.string() }), (simulator, { node, name }) =>
    simulator.removeImage(node, name),
  ),
  "image-server": command(
    z.strictObject({ id: z.string(), reachable: z.boolean() }),
    (simulator, { id, reachable }) => simulator.setImageServer(id, { reachable }),
  ),
  "crash-client": (simulator) => simulator.crashClient(),
  "restart-client": (simulator) => simulator.restartClient(),
};

function reply(status: number, value: unknown): HttpReply {
  return {
    status,
    headers: [["Content-Type", "application/json"]],
    body: Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`),
  };
}

/** `/_control/<command>`, with a JSON object as the body, or none; GET is as good as POST. */
export async function answerControl(simulator: Simulator, request: HttpRequest): Promise<HttpReply> {
  const name = request.uri.slice(root.length).split("?", 1)[0] ?? "";
  const run = Object.hasOwn(commands, name) ? commands[name] : name === "" ? commands.help : undefined;
  if (run === undefined)
    return reply(404, { error: `there is no command ${name}`, commands: Object.keys(commands) });
  try {
    const input: unknown = request.body.length === 0 ? {} : JSON.parse(request.body.toString("utf8"));
    const result = await run(simulator, input);
    return reply(200, result ?? { ok: true });
  } catch (error) {
    if (error instanceof ControlError) return reply(409, { error: error.message });
    if (error instanceof z.ZodError) return reply(400, { error: z.prettifyError(error) });
    if (error instanceof SyntaxError) return reply(400, { error: "the body is not JSON" });
    throw error;
  }
}
