import { safeToWait, watchCancel } from "../../provider/hosts/cancel";
import type { EngineLog } from "../../provider/hosts/engine-log";
import { createProgress, isLogged } from "../../provider/hosts/progress";
import { VirtualClock } from "../../simulator";

const MINUTE = 60_000;

/** A row's lines while `work` reports what it does at its times. */
const linesOf = async (
  logged: boolean,
  reports: readonly (readonly [atMs: number, text: string])[],
): Promise<string[]> => {
  const clock = new VirtualClock();
  const lines: string[] = [];
  const log: EngineLog = {
    log: (_severity, _urn, message) => void lines.push(message),
    flush: async () => undefined,
  };
  const row = createProgress(log, clock, "urn", logged);
  const begun = clock.now();
  for (const [atMs, text] of reports) {
    await clock.runUntil(clock.sleep(begun + atMs - clock.now()), 24 * 60 * MINUTE);
    row.progress(text);
  }
  row.done();
  return lines;
};

/** Twenty VMs of five minutes on one node, as the last of them sees it: a look every five seconds. */
const LAST_OF_TWENTY = Array.from({ length: 1_200 }, (_, look) => {
  const before = 19 - Math.floor((look * 5_000) / (5 * MINUTE));
  return [look * 5_000, before > 0 ? `${before + 1}th in the node's queue` : "creating"] as const;
});

test("on a terminal a row shows every change at once, minutes where nothing changes, and nothing at the end", async () => {
  const lines = await linesOf(false, [
    [0, "3rd in the node's queue"],
    [5_000, "3rd in the node's queue"],
    [10_000, "2nd in the node's queue"],
    [90_000, "2nd in the node's queue"],
    [95_000, "waiting for SSH"],
  ]);
  expect(lines).toEqual([
    "3rd in the node's queue",
    "2nd in the node's queue",
    "2nd in the node's queue (2 min)",
    "waiting for SSH",
    "",
  ]);
});

test("in a log a VM that waits for a hundred minutes is a few lines, and its last one says where it is", async () => {
  const lines = await linesOf(true, LAST_OF_TWENTY);
  expect(lines).toEqual([
    "20th in the node's queue",
    "20th in the node's queue (1 min)",
    "20th in the node's queue (3 min)",
    "19th in the node's queue (7 min)",
    "17th in the node's queue (15 min)",
    "14th in the node's queue (31 min)",
    "8th in the node's queue (63 min)",
    "creating",
    "creating (96 min)",
    "creating (98 min)",
  ]);
});

test("in a log another thing to do is said at once", async () => {
  const lines = await linesOf(true, [
    [0, "creating"],
    [5_000, "waiting for SSH"],
    [10_000, "setting the password"],
  ]);
  expect(lines).toEqual(["creating", "waiting for SSH", "setting the password"]);
});

test.each([
  [undefined, false],
  ["", false],
  ["false", false],
  ["0", false],
  ["true", true],
  ["1", true],
])("CI=%s: logged %s", (value, expected) => {
  expect(isLogged(value === undefined ? {} : { CI: value })).toBe(expected);
});

test("the engine's wish to end is seen, and answered as before", () => {
  const asked: string[] = [];
  const server = { _retrieveHandler: (path: string) => `the answer to ${path}` };
  watchCancel(() => void asked.push("cancelled"), server);
  const ask = (path: string): unknown => server._retrieveHandler(path);
  expect(ask("/pulumirpc.ResourceProvider/Create")).toBe("the answer to /pulumirpc.ResourceProvider/Create");
  expect(asked).toEqual([]);
  expect(ask("/pulumirpc.ResourceProvider/Cancel")).toBe("the answer to /pulumirpc.ResourceProvider/Cancel");
  expect(asked).toEqual(["cancelled"]);
});

test("a server that works otherwise is left as it is", () => {
  const server = {};
  watchCancel(() => {
    throw new Error("it was told");
  }, server);
  expect(server).toEqual({});
});

test("what is safe is said for one and for many", () => {
  expect(safeToWait(1)).toContain("the operation under way will be finished");
  expect(safeToWait(7)).toContain("the 7 operations under way will be finished");
});
