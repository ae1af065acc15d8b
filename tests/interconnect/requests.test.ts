/** The three resources over their lives; they differ in their path alone. */
import { computingResourceQuery } from "../../provider/resources/computing-resource-query";
import { taskPath } from "../../provider/resources/task-path";
import { taskTemplateSubmission } from "../../provider/resources/task-template-submission";
import type { FaultKind } from "../../simulator/fault";
import { InterconnectLab } from "./lab";

const ARGS = { sessionIdentifier: "pd1session", data: { userID: "alice", nested: { list: [1, null, "x"] } } };

let lab: InterconnectLab;
beforeEach(async () => {
  lab = await InterconnectLab.open({ switches: { mode: "strict" } });
});
afterEach(() => lab.close());

const rows = () => lab.simulator.journal.length;

describe.each([
  ["computingResourceQuery", computingResourceQuery],
  ["taskTemplateSubmission", taskTemplateSubmission],
  ["taskPath", taskPath],
] as const)("%s", (call, definition) => {
  test("is sent once, with its data as they are; a preview, an up without changes and a refresh send nothing", async () => {
    await lab.check(definition, {}, ARGS);
    expect(lab.simulator.requests).toEqual([]);

    const made = await lab.create(definition, ARGS);
    expect(made.id).toMatch(/^pd1[0-9a-z]{19}$/);
    expect(made.reason).toBeUndefined();
    expect(made.state).toMatchObject({ phase: "ready", results: [], raw: {}, source: "pulumi-dbc" });
    expect(lab.simulator.journal).toEqual([
      expect.objectContaining({
        call,
        source: "pulumi-dbc",
        session_identifier: "pd1session",
        data: ARGS.data,
      }),
    ]);

    expect(await lab.up(definition, made, ARGS)).toMatchObject({ did: "nothing", id: made.id });
    const refreshed = await lab.refresh(definition, made);
    expect(refreshed?.state).toEqual(made.state);
    expect(refreshed && (await lab.up(definition, refreshed, ARGS))).toMatchObject({ did: "nothing" });
    await lab.delete(definition, made);
    expect(lab.simulator.requests).toHaveLength(1);
  });

  test.each([
    ["data", { data: { userID: "bob" } }],
    ["source", { source: "ctyun" }],
    ["sessionIdentifier", { sessionIdentifier: "another" }],
    ["refreshTrigger", { refreshTrigger: "2" }],
  ])("asks again when %s changes", async (_field, more) => {
    const made = await lab.create(definition, ARGS);
    const again = await lab.up(definition, made, { ...ARGS, ...more });
    expect(again.did).toBe("replace");
    expect(again.id).not.toBe(made.id);
    expect(rows()).toBe(2);
  });

  test("resendTrigger does nothing while the outcome is known", async () => {
    const made = await lab.create(definition, ARGS);
    const updated = await lab.up(definition, made, { ...ARGS, resendTrigger: "1" });
    expect(updated).toMatchObject({
      did: "update",
      id: made.id,
      state: { phase: "ready", resendTrigger: "1" },
    });
    expect(await lab.up(definition, updated, ARGS)).toMatchObject({ did: "update" });
    expect(lab.simulator.requests).toHaveLength(1);
  });

  test("can't be looked up", async () => {
    await expect(lab.get(definition, "x")).rejects.toThrow(
      `a ${definition.kind} can't be looked up: the interconnection platform tells of none.`,
    );
    expect(lab.simulator.requests).toEqual([]);
  });
});

describe("an outcome that nobody knows", () => {
  // the row is written, or may be, and no answer says so
  const KINDS: readonly (readonly [FaultKind, number])[] = [
    ["lost-answer", 1],
    ["cut-answer", 1],
    ["late-effect", 0],
    ["timeout", 0],
    ["broken-json", 1],
    ["html-body", 1],
    ["huge-body", 1],
    ["http-error", 0],
  ];

  test.each(KINDS)("after %s it is recorded, told once, and not sent again", async (kind, written) => {
    lab.simulator.arm({ kind });
    const made = await lab.create(taskPath, ARGS);
    expect(made.reason).toMatch(
      /^could not learn whether the request to record the chosen path at the interconnection platform was taken: .*\. Its row may be there, so the request is recorded as "unknown" and not sent again unless resendTrigger gets a new value\.$/,
    );
    expect(made.state).toMatchObject({ phase: "unknown", results: [], sessionIdentifier: "pd1session" });
    expect(rows()).toBe(written);

    // the engine updates after a failure, even where nothing has changed
    const second = await lab.up(taskPath, made, ARGS);
    expect(second).toMatchObject({ did: "update", id: made.id, state: { phase: "unknown" } });
    expect(second.reason).toBeUndefined();
    expect(await lab.up(taskPath, second, ARGS)).toMatchObject({ did: "nothing" });
    const refreshed = await lab.refresh(taskPath, second);
    expect(refreshed && (await lab.up(taskPath, refreshed, ARGS))).toMatchObject({ did: "nothing" });
    expect(lab.simulator.requests).toHaveLength(1);
  });

  test("resendTrigger sends it again, once for each value", async () => {
    lab.simulator.arm({ kind: "lost-answer", times: 2 });
    const made = await lab.create(taskPath, ARGS);
    const still = await lab.up(taskPath, made, { ...ARGS, resendTrigger: "1" });
    expect(still).toMatchObject({ id: made.id, state: { phase: "unknown", resendTrigger: "1" } });
    expect(still.reason).toContain("Its row may be there");
    expect(rows()).toBe(2);

    const settled = await lab.up(taskPath, still, { ...ARGS, resendTrigger: "1" });
    const without = await lab.up(taskPath, settled, ARGS);
    expect(without).toMatchObject({ did: "update", state: { phase: "unknown" } });
    expect(without.state.resendTrigger).toBeUndefined();
    expect(rows()).toBe(2);

    const sent = await lab.up(taskPath, without, { ...ARGS, resendTrigger: "2" });
    expect(sent).toMatchObject({ did: "update", id: made.id, state: { phase: "ready", raw: {} } });
    expect(sent.reason).toBeUndefined();
    expect(rows()).toBe(3);
    expect(new Set(lab.simulator.journal.map((row) => row.session_identifier))).toEqual(
      new Set(["pd1session"]),
    );
    expect(await lab.up(taskPath, sent, { ...ARGS, resendTrigger: "2" })).toMatchObject({ did: "nothing" });
  });

  test("a resend that is refused leaves the record as it was, and the next up sends it", async () => {
    lab.simulator.arm({ kind: "lost-answer" });
    const made = await lab.create(taskPath, ARGS);
    lab.restart({ token: "wrong" });
    await expect(lab.up(taskPath, made, { ...ARGS, resendTrigger: "1" })).rejects.toThrow(
      'said "Invalid token." with code 401; check interconnectToken',
    );
    lab.restart();
    expect(await lab.up(taskPath, made, { ...ARGS, resendTrigger: "1" })).toMatchObject({
      state: { phase: "ready" },
    });
    expect(rows()).toBe(2);
  });

  test("a call that takes longer than our patience is one of them", async () => {
    lab.restart({ deadlineMs: 300 });
    lab.simulator.arm({ kind: "no-answer" });
    const made = await lab.create(taskPath, ARGS);
    expect(made).toMatchObject({ state: { phase: "unknown" } });
    expect(made.reason).toContain("ended early (no reply within 0.3 s)");
  });

  test("a slow answer is an answer", async () => {
    lab.simulator.arm({ kind: "slow-answer", seconds: 30 });
    expect(await lab.create(taskPath, ARGS)).toMatchObject({ state: { phase: "ready" } });
  });
});

describe("a request that was certainly not taken is recorded nowhere", () => {
  test.each<[string, () => void, string]>([
    ["a wrong token", () => lab.restart({ token: "wrong" }), "Invalid token."],
    ["no token", () => lab.restart({ token: undefined }), "give interconnectToken"],
    ["nobody there", () => lab.restart({ endpoint: "http://127.0.0.1:9" }), "nothing answers at"],
    ["another path", () => lab.restart({ paths: { taskPath: "/api/v2/" } }), "HTTP 404"],
    ["a refusal", () => void lab.simulator.arm({ kind: "refusal", code: 400, message: "bad" }), '"bad"'],
    ["a redirect", () => void lab.simulator.arm({ kind: "redirect" }), "redirects to 127.0.0.1"],
  ])("%s", async (_name, arrange, words) => {
    arrange();
    await expect(lab.create(taskPath, ARGS)).rejects.toThrow(words);
    expect(rows()).toBe(0);
  });

  test("a question that is refused when it is asked again leaves the old answer", async () => {
    const made = await lab.create(computingResourceQuery, ARGS);
    lab.simulator.arm({ kind: "refusal", code: 400 });
    await expect(lab.up(computingResourceQuery, made, { ...ARGS, refreshTrigger: "2" })).rejects.toThrow(
      "400",
    );
    expect(await lab.up(computingResourceQuery, made, ARGS)).toMatchObject({ did: "nothing" });
  });
});

test("an answer of an unexpected form is an answer", async () => {
  lab.simulator.arm({ kind: "wrong-shape" });
  expect(await lab.create(taskPath, ARGS)).toMatchObject({
    state: { phase: "ready", results: [], raw: { surprise: [1, [2, { deep: null }]] } },
  });
});

test("what the platform answers is there for those that follow", async () => {
  lab.simulator.world.switches.mode = "draft";
  const task = await lab.create(taskTemplateSubmission, { ...ARGS, data: { region: "华东一区" } });
  expect(task.state).toMatchObject({
    taskId: 1,
    results: [
      expect.objectContaining({ id: 1, gpuModel: "TeslaM40", price: 12 }),
      expect.objectContaining({ id: 2, gpuModel: "kshdtest", price: 9 }),
    ],
  });
  const data = { task_id: task.state.taskId, computing_resource_id: 2, result: true };
  const path = await lab.create(taskPath, { ...ARGS, data });
  expect(path.state.computingResourceUrl).toContain("https://compute.example/tasks/1/2/?token=");
});

test("many at once are let through a few at a time, each once", async () => {
  const made = await Promise.all(
    Array.from({ length: 20 }, (_, n) => lab.create(taskPath, { ...ARGS, data: { n } })),
  );
  expect(new Set(made.map(({ id }) => id)).size).toBe(20);
  expect(rows()).toBe(20);
});
