/** Sixty hostile answers through the real command line, with colours on: twenty to each of create, detail and list. */
import { labNodes } from "../../simulator";
import { BadWire, said } from "../reliability/bad-wire";
import { type Finished, run } from "./command";
import { HOSTILE_BODIES, type HostileBody } from "./hostile-bodies";
import type { PulumiStack } from "./pulumi";
import { VmLab, vmArgs } from "./vm-lab";

jest.setTimeout(900_000); // each step is several runs of a real program, on a machine of any speed

const NODES = [labNodes.alice1, labNodes.alice2];
const PANIC = /panic:|goroutine \d+|fatal error|Unexpected struct type|SIGSEGV/;
const CREATE = /\/tasks\/start$/;
const DETAIL = /\/tasks\/pd1[0-9a-z]{19}$/;
const LIST = /\/tasks$/;

let lab: VmLab;
let wire: BadWire;
let stack: PulumiStack;
let [bodies, failures] = [0, 0];

beforeAll(async () => {
  lab = await VmLab.open();
  wire = await BadWire.open(lab.simulator.url);
  stack = await lab.workspace.stack("hostile", { DBC_ENDPOINT: wire.url, DBC_PREFLIGHT: "0" });
  // a system disk counts for 350 GiB, so that a node takes eleven
  const small = { gpuCount: 0, cpuCores: 1, memoryGib: 2, dataDiskGib: 1 };
  await lab.declare(
    Object.fromEntries(
      HOSTILE_BODIES.map((_, n) => [`vm-${n}`, { args: vmArgs(n, { ...small, nodeId: NODES[n % 2] }) }]),
    ),
  );
});
afterAll(async () => {
  await lab.close();
  await wire.close();
  process.stdout.write(`hostile answers through the command line: ${bodies} bodies, ${failures} failures\n`);
});

const messageOf = (answer: Buffer): unknown => {
  const text = answer.toString("utf8");
  return (JSON.parse(text.slice(text.indexOf("\r\n\r\n"))) as { readonly message: unknown }).message;
};

/** Answers what `path` asks with the body that `choose` names, for the VM that is asked about. */
const spoil = (path: RegExp, choose: (request: string) => HostileBody | undefined): void =>
  wire.arm({
    path,
    times: Number.POSITIVE_INFINITY,
    deliveries: 1,
    spoil: (socket, answer, request) => {
      const body = choose(request);
      socket.write(body ? said(200, body.of(messageOf(answer))) : answer);
    },
  });

/** A body of its own for each VM that is asked about; which were given is told in `given`. */
const eachItsOwn = (path: RegExp): Map<string, HostileBody> => {
  const given = new Map<string, HostileBody>();
  spoil(path, (request) => {
    const id = /pd1[0-9a-z]{19}/.exec(request)?.[0] ?? "";
    const body = given.get(id) ?? HOSTILE_BODIES[given.size];
    if (body) given.set(id, body);
    return body;
  });
  return given;
};

const pulumi = ({ place }: PulumiStack, ...args: string[]): Promise<Finished> =>
  run(
    place.engine.command,
    [...args, "--yes", "--skip-preview", "--parallel", "32", "--non-interactive", "--color", "always"],
    {
      cwd: place.project,
      env: { ...place.env, PULUMI_STACK: place.stack },
    },
  );

/** The command ended by itself, in words, and left a whole state with all the VMs. */
const expectSound = async ({ code, signal, output }: Finished): Promise<void> => {
  expect(signal).toBeNull();
  expect(output).not.toMatch(PANIC);
  expect(output).not.toMatch(/inside the provider|ZodError|AxiosError|at .*\.js:\d+/);
  // what clears a terminal, rings or writes from right to left was taken out; Pulumi's own colours are not such
  for (const character of ["\u001b[2J", "\u0007", "\u202e", "\u0000"])
    expect(output).not.toContain(character);
  if (code !== 0) expect(output).toMatch(/could not \w+ .*(VM|node)/);
  const { text, resources, pending } = await stack.state();
  expect(resources.filter(({ type }) => type.endsWith("/dbc:Vm"))).toHaveLength(HOSTILE_BODIES.length);
  expect(pending).toBe(0);
  expect(text).not.toContain("polluted");
  expect(text).not.toContain("/etc/passwd");
  expect(text).not.toContain("04da6b54");
};

/** Counts bodies as failed until what they led to has been looked at. */
const counted = async (many: number, look: () => Promise<void>): Promise<void> => {
  bodies += many;
  failures += many;
  await look();
  failures -= many;
};

test("twenty to a create: every VM is there once, and is recorded", async () => {
  const given = eachItsOwn(CREATE);
  await counted(HOSTILE_BODIES.length, async () => {
    const done = await pulumi(stack, "up");
    expect(given.size).toBe(HOSTILE_BODIES.length);
    await expectSound(done);
    expect(done.code).toBe(0);
    const ids = NODES.flatMap((node) => lab.vms(node).map(({ taskId }) => taskId));
    expect(ids.sort()).toEqual([...given.keys()].sort());
  });
});

test("twenty to a look at the details: each is kept, and a whole look afterwards finds nothing amiss", async () => {
  const given = eachItsOwn(DETAIL);
  await counted(HOSTILE_BODIES.length, async () => {
    const done = await pulumi(stack, "refresh");
    expect(given.size).toBe(HOSTILE_BODIES.length);
    await expectSound(done);
    expect(done.code).not.toBe(0);
  });
  wire.arm(undefined);
  const whole = await pulumi(stack, "refresh");
  expect(whole.code).toBe(0);
  await expectSound(whole);
});

test.each(HOSTILE_BODIES.map((body) => [body.name, body] as const))(
  "a list of %s: nothing is forgotten",
  async (_name, body) => {
    let given = 0;
    spoil(LIST, () => {
      given += 1;
      return body;
    });
    await counted(1, async () => {
      await expectSound(await pulumi(stack, "refresh"));
      expect(given).toBeGreaterThan(0);
    });
  },
);

test("after all of it the program is as it was, and destroy leaves nothing", async () => {
  wire.arm(undefined);
  expect(await pulumi(stack, "refresh")).toMatchObject({ code: 0 });
  expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0 });
  expect(await pulumi(stack, "destroy")).toMatchObject({ code: 0 });
  expect(NODES.flatMap((node) => lab.vms(node))).toEqual([]);
  expect((await stack.state()).resources).toEqual([]);
});
