import { labNodes, type ProfileName, profiles } from "../../simulator";
import { Dice } from "../../simulator/dice";
import { lasts } from "../../simulator/profile";
import { Lab } from "./lab";
import { plainVm } from "./renter";

const minute = 60;

describe("a profile", () => {
  let lab: Lab;
  afterEach(() => lab.close());

  /** Seconds until a VM runs, and every status on the way. */
  async function timeOfCreate(profile: ProfileName): Promise<{ seconds: number; seen: string[] }> {
    lab = await Lab.start({ profile });
    const begin = lab.clock.time();
    const created = lab.answer("/tasks/start", plainVm);
    const { message } = await lab.clock.runUntil(created);
    const id = `${message?.task_id}`;
    const seen: string[] = [];
    const node = lab.simulator.requireNode(lab.node);
    while (node.tasks[id]?.status === "creating") {
      seen.push("creating");
      await lab.seconds(10);
    }
    seen.push(`${node.tasks[id]?.status}`);
    return { seconds: (lab.clock.time() - begin) / 1000, seen: [...new Set(seen)] };
  }

  test("typical: a VM takes the five to fifteen minutes that the docs tell of", async () => {
    const { seconds, seen } = await timeOfCreate("typical");
    expect(seen).toEqual(["creating", "running"]);
    expect(seconds).toBeGreaterThan(5 * minute);
    expect(seconds).toBeLessThan(15 * minute);
  });

  test("bad-day: it takes longer than on any typical day, within the node's own patience", async () => {
    const { seconds } = await timeOfCreate("bad-day");
    expect(seconds).toBeGreaterThan(11 * minute);
    expect(seconds).toBeLessThan(58 * minute);
  });

  test("fast: it takes seconds", async () => {
    expect((await timeOfCreate("fast")).seconds).toBeLessThanOrEqual(10);
  });

  test("typical: an answer takes as long as the chain, and a password 3 s more", async () => {
    lab = await Lab.start({ profile: "typical" });
    const took = async (path: string, additional = {}) => {
      const begin = lab.clock.time();
      await lab.waitFor(path, additional);
      return lab.clock.time() - begin;
    };
    for (let count = 0; count < 10; count++) {
      const list = await took("/tasks");
      expect(list).toBeGreaterThanOrEqual(300);
      expect(list).toBeLessThanOrEqual(1500);
    }
    expect(await took("/tasks/passwd/nope", { username: "a", password: "b" })).toBeGreaterThanOrEqual(3300);
  });

  test("bad-day: some answers miss the client node's half minute, and the work is done all the same", async () => {
    lab = await Lab.start({ profile: "bad-day" });
    const statuses = [];
    for (let count = 0; count < 25; count++) {
      statuses.push((await lab.waitFor("/monitor/set", { servers: [`a:${count}`] })).status);
      await lab.seconds(60);
    }
    expect(new Set(statuses)).toEqual(new Set([200, 500]));
    const missed = statuses.lastIndexOf(500);
    expect(missed).toBeGreaterThanOrEqual(0);
    expect(lab.simulator.requireNode(lab.node).monitors[lab.alice.address]).toEqual(["a:24"]);
  });

  test("can be changed while it runs, also to times of one's own", async () => {
    lab = await Lab.start();
    lab.simulator.setProfile({ ...profiles.fast, name: "slow list", chain: [5000, 5000] });
    const begin = lab.clock.time();
    await lab.waitFor("/tasks", {}, { node: labNodes.alice2 });
    expect(lab.clock.time() - begin).toBe(5000);
    lab.simulator.setProfile("fast");
    expect(await lab.ask("/tasks")).toEqual([]);
  });
});

test("no day is quicker than a typical one's least, nor a typical one than the fast one", () => {
  const dice = new Dice(1);
  for (const name of ["define", "lease", "password", "start", "remove", "disk", "passwd"] as const) {
    expect(lasts(profiles.typical[name], dice)).toBeGreaterThan(lasts(profiles.fast[name], dice));
    expect(profiles["bad-day"][name][0]).toBeGreaterThanOrEqual(profiles.typical[name][0]);
  }
});
