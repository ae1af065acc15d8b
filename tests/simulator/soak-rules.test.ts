import { type Line, NodeBook } from "./soak-rules";

const ok = (kind: string, task: string, message: unknown = "ok"): Line => ({
  node: "n",
  kind,
  task,
  status: 200,
  errcode: 0,
  message,
});
const list = (vms: Readonly<Record<string, string>>): Line =>
  ok(
    "list",
    "",
    Object.entries(vms).map(([task_id, status]) => ({ task_id, status })),
  );
const lost = (kind: string, task: string): Line => ({ ...ok(kind, task), status: 0, errcode: undefined });

/** What a book finds wrong in lines; `undefined` stands for a rest. */
function faults(...lines: (Line | undefined)[]): string[] {
  const book = new NodeBook();
  for (const line of lines) {
    if (line === undefined) book.rest();
    else book.add(line);
  }
  return book.faults;
}

describe("the checker of the soak", () => {
  test("finds nothing wrong in a life as it should be", () => {
    expect(
      faults(
        ok("create", "a"),
        list({ a: "creating" }),
        list({ a: "running" }),
        ok("poweroff", "a"),
        ok("delete", "a"),
        list({ a: "deleting" }),
        list({ a: "closed" }),
        list({}),
        undefined,
        list({}),
      ),
    ).toEqual([]);
  });

  test("takes what was lost for done or not done", () => {
    expect(faults(lost("create", "a"), list({}))).toEqual([]);
    expect(faults(lost("create", "a"), list({ a: "running" }), lost("delete", "a"), list({}))).toEqual([]);
  });

  test.each<[string, (Line | undefined)[], RegExp]>([
    ["a VM that is lost", [ok("create", "a"), list({ a: "running" }), undefined, list({})], /and is gone/],
    ["a VM that was answered for and never seen", [ok("create", "a"), list({})], /and is gone/],
    [
      "a VM that comes back",
      [ok("create", "a"), ok("delete", "a"), list({}), undefined, list({ a: "closed" })],
      /was gone/,
    ],
    ["a VM that nobody made", [list({ b: "running" })], /nobody made it/],
    [
      "a change that nobody asked for",
      [ok("create", "a"), list({ a: "running" }), undefined, list({ a: "closed" })],
      /do nothing, and is closed/,
    ],
    ["work without end", [ok("create", "a"), list({ a: "creating" }), undefined], /for ever/],
    ["a refusal that is none of the node's", [{ ...ok("start", "a", "sorry"), errcode: 1 }], /"sorry"/],
    ["a success that can't be", [ok("replayed", "")], /taken twice/],
    [
      "a failure of the simulator",
      [{ ...ok("list", "", "boom"), status: 500, errcode: -1 }],
      /HTTP 500 "boom"/,
    ],
  ])("finds %s", (_name, lines, words) => {
    expect(faults(...lines).join()).toMatch(words);
  });
});
