import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Dice } from "../../simulator/dice";
import { Renter } from "./renter";
import { soakNodes } from "./soak-child";
import { Served } from "./soak-served";
import { Worker } from "./soak-worker";

jest.setTimeout(15 * 60_000);

const rounds = 20;
const perRound = 25;
/** Rounds in whose middle the process is killed. */
const killedIn = [4, 9, 14];

interface ShownTask {
  readonly id: string;
  readonly description: string;
  readonly domain: string | null;
  readonly status: string;
  readonly gpus: readonly string[];
  readonly cores: number;
}
interface ShownNode {
  readonly id: string;
  readonly gpus: number;
  readonly cores: number;
  readonly queue: readonly unknown[];
  readonly tasks: readonly ShownTask[];
}

describe("10,000 requests for 200 VMs on 20 nodes, with kill -9 in between", () => {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-dbc-soak-"));
  const served = new Served(folder);
  const renter = new Renter();
  const workers = soakNodes.map((node, index) => new Worker(served, renter, node, new Dice(index + 1)));
  let sent = 0;
  let mostMib = 0;
  let sessions: string[] = [];
  let world: { nodes: ShownNode[] };

  /** One round of all workers at once; in some rounds the process dies under them. */
  async function round(number: number): Promise<void> {
    let left = killedIn.includes(number) ? (workers.length * perRound) / 2 : Number.POSITIVE_INFINITY;
    let restarted: Promise<void> | undefined;
    const restart = async () => {
      await served.kill();
      await served.start();
    };
    await Promise.all(
      workers.map(async (worker) => {
        for (let count = 0; count < perRound; count++) {
          if (--left === 0) restarted = restart();
          await worker.step();
          sent++;
          await restarted;
        }
      }),
    );
    await served.control("advance", { seconds: 60 });
    await Promise.all(workers.map((worker) => worker.rest()));
    mostMib = Math.max(mostMib, served.memoryMib);
  }

  beforeAll(async () => {
    await served.start();
    sessions = await Promise.all(workers.map((worker) => worker.signIn()));
    for (let number = 0; number < rounds; number++) await round(number);
    world = await served.control("world");
  });
  afterAll(async () => {
    await served.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  test("answers stay within the node's rules, and VMs change as they were asked to", () => {
    expect(sent).toBe(10_000);
    expect(workers.flatMap(({ book }) => book.faults)).toEqual([]);
  });

  test("what was answered is there, whole: no VM is lost, none comes back, none is made up", () => {
    const nodes = new Map(world.nodes.map((node) => [node.id, node]));
    for (const { node, book } of workers) {
      const tasks = nodes.get(node)?.tasks ?? [];
      expect(tasks.map(({ id }) => id).sort()).toEqual(book.alive.sort());
      expect(tasks.every(({ id, description }) => id === description)).toBe(true);
    }
    expect(workers.flatMap(({ book }) => book.alive).length).toBeGreaterThan(150);
  });

  test("all work comes to an end, and no machine holds more than it has", () => {
    for (const { queue, tasks, gpus, cores } of world.nodes) {
      expect(queue).toEqual([]);
      const resting = tasks.map(({ status, domain }) => `${status} ${domain}`);
      expect(
        [...new Set(resting)].filter(
          (text) => !["running running", "closed shutoff", "reset error shutoff"].includes(text),
        ),
      ).toEqual([]);
      const running = tasks.filter(({ domain }) => domain === "running");
      const held = running.flatMap((task) => task.gpus);
      expect(new Set(held).size).toBe(held.length);
      expect(held.length).toBeLessThanOrEqual(gpus);
      expect(running.reduce((sum, task) => sum + task.cores, 0)).toBeLessThanOrEqual(cores);
    }
  });

  test("sessions outlive the process", async () => {
    expect(await Promise.all(workers.map((worker) => worker.signIn()))).toEqual(sessions);
  });

  test("memory is bounded", () => {
    expect(mostMib).toBeGreaterThan(10);
    expect(mostMib).toBeLessThan(600);
  });
});
