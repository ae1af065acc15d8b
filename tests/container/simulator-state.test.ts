import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSimulator } from "../../simulator";
import { VirtualClock } from "../../simulator/clock";
import { startContainerSimulator } from "../../simulator/container/simulator";
import { RawPlatform } from "./raw";

const folder = mkdtempSync(join(tmpdir(), "pulumi-dbc-container-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the world outlives the process: tasks, clock, what was under way, and chance", async () => {
  const stateFile = join(folder, "world.json");
  const first = await RawPlatform.start({ stateFile, switches: { stopMs: 30_000, deleteTakesMs: 10_000 } });
  const id = await first.create({ timeoutLimit: "00:10:00" });
  await first.clock.advance(60_000);
  const before = await first.detail(id);
  await first.call("POST", "/instance-service/task/actions/stop", { query: `ids=${id}` });
  // as after a kill: nothing is said goodbye to
  const clock = new VirtualClock(first.clock.time());
  const again = await startContainerSimulator({ stateFile, clock });
  await first.close();
  expect(again.tasks).toEqual([
    expect.objectContaining({ id, status: "Running", headId: before.headerNotebookId }),
  ]);
  await clock.advance(30_000);
  expect(again.tasks).toMatchObject([{ status: "Terminated" }]);
  expect(again.world.switches).toMatchObject({ stopMs: 30_000 });
  await again.close();
});

test("a clock of its own goes on where it was", async () => {
  const stateFile = join(folder, "clock.json");
  const first = await startContainerSimulator({ stateFile });
  const clock = first.clock as VirtualClock;
  await clock.advance(3_600_000);
  first.world.switches.waitMs = 1;
  await first.close();
  const again = await startContainerSimulator({ stateFile });
  expect(again.clock.time()).toBe(clock.time());
  await again.close();
  const scaled = await startContainerSimulator({ stateFile, speed: 10 });
  expect(scaled.clock.time()).toBeGreaterThanOrEqual(clock.time());
  expect(scaled.clock.time()).toBeLessThan(Date.now());
  await scaled.close();
});

test("startSimulator serves it beside the node, on the same clock, with a control endpoint of its own", async () => {
  const clock = new VirtualClock();
  const simulator = await startSimulator({ clock });
  const { container, url } = simulator;
  expect(container.url).toBe(`${url}/container`);
  const control = async (command: string, input?: unknown) =>
    (
      await fetch(`${container.url}/_control/${command}`, {
        method: "POST",
        body: JSON.stringify(input ?? {}),
      })
    ).json();
  expect(await control("time")).toEqual({ time: clock.today().toISOString(), clock: "virtual" });
  await control("advance", { seconds: 60 });
  expect(simulator.clock.time()).toBe(container.clock.time());
  await control("switches", { waitMs: 5 });
  expect(container.world.switches.waitMs).toBe(5);
  expect(await control("switches", { wait: 5 })).toHaveProperty("error");
  await control("busy-nodes", { group: "TeslaM40", nodes: 2 });
  expect(await control("world")).toMatchObject({
    tasks: [],
    regions: [{ groups: [{ busyNodes: 2 }, {}, {}] }, {}, {}],
  });
  await fetch(`${container.url}/api/user/v3/tokens`, { method: "POST" });
  expect(await control("requests")).toMatchObject({
    requests: [{ operation: "login", code: "10003", write: false }],
  });
  expect(simulator.requests).toEqual([]);
  await simulator.close();
});

test("the command serves both", async () => {
  const cli = join(__dirname, "../../simulator/cli.js");
  const child = spawn(process.execPath, [cli, "--port", "0", "--speed", "60"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
  const url = /container platform on (http:\/\/127\.0\.0\.1:\d+\/container)/.exec(line)?.[1];
  const answer = await fetch(`${url}/ac/openapi/v2/user`);
  expect(await answer.json()).toMatchObject({ code: "10003" });
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
});
