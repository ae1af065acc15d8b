/** The orphan finder over HTTP: an account of the container platform, in virtual time. */
import { findOrphans } from "../../provider/orphans/find";
import { chooseOrphan, removeOrphan } from "../../provider/orphans/remove";
import { Owned } from "../../provider/orphans/state";
import { ContainerLab, TASK } from "../container/lab";
import { exported, stored } from "./exported";

let lab: ContainerLab;
beforeEach(async () => {
  lab = await ContainerLab.open();
});
afterEach(() => lab.close());

const find = (state: string) => {
  const owned = new Owned();
  owned.add(state, "the state");
  const places = { nodes: [], rentOrders: [], regions: ["11112"] };
  return lab.run(findOrphans(lab.site, owned, places, undefined));
};
const nothing = exported([]);

test("a task that no state owns is listed by its name's end, and deleted when it is named", async () => {
  const made = await lab.create(TASK);
  const plain = { ...TASK, __key: undefined };
  const pending = exported([], [stored("ContainerTask", undefined, { ...TASK })]);
  expect((await find(pending)).orphans).toEqual([]);
  expect((await find(exported([stored("ContainerTask", made.id, { ...plain })]))).orphans).toEqual([]);
  const findings = await find(nothing);
  expect(findings.orphans).toMatchObject([
    { kind: "ContainerTask", id: made.id, remoteId: made.state.instanceId, status: "Running" },
  ]);
  const before = lab.writes().length;
  const thing = chooseOrphan(findings, made.id);
  expect(await lab.run(removeOrphan(lab.context({}), thing))).toBe("gone");
  expect(lab.writes().slice(before)).toEqual(["stop", "delete"]);
  expect(lab.simulator.tasks).toEqual([]);
  expect((await find(nothing)).orphans).toEqual([]);
});

test("two of one name are told apart by the platform's own id", async () => {
  const made = await lab.create(TASK);
  const [first] = lab.simulator.tasks;
  if (!first) throw new Error("there is no task");
  // an order that arrived twice
  lab.simulator.world.tasks.push({ ...structuredClone(first), id: "f".repeat(32) });
  const findings = await find(nothing);
  expect(findings.orphans).toHaveLength(2);
  expect(() => chooseOrphan(findings, made.id)).toThrow(
    /there are 2 of that name; say which by \w{32} or \w{32}\.$/,
  );
  await lab.run(removeOrphan(lab.context({}), chooseOrphan(findings, "f".repeat(32))));
  expect(lab.simulator.tasks.map(({ id }) => id)).toEqual([made.state.instanceId]);
});
