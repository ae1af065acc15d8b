import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rightDifferences } from "./differences";
import { type Exchange, loadExchanges, ownRecording } from "./exchange";
import { report } from "./main";
import { type ReplayResult, replay } from "./replay";

jest.setTimeout(10 * 60_000);

const exchanges = loadExchanges(ownRecording());
const readme = readFileSync("simulator/README.md", "utf8");

describe("the recorded exchanges", () => {
  let result: ReplayResult;
  beforeAll(async () => {
    result = await replay(exchanges);
    const { agree, disagreements } = result;
    process.stdout.write(
      `${agree} of ${exchanges.length} recorded exchanges agree, ${disagreements.length} differ for a reason given in simulator/README.md\n`,
    );
  });

  test("agree with the simulator, but for what has a reason", () => {
    const unreasoned = result.disagreements.filter(({ reason }) => reason === undefined);
    expect(report({ agree: result.agree, disagreements: unreasoned }).split("\n").slice(0, -2)).toEqual([]);
  });

  test("are all compared: none is left out", () => {
    expect(exchanges.length).toBeGreaterThan(970);
    expect(result.agree + result.disagreements.length).toBe(exchanges.length);
  });

  test("every reason is needed, and told in the readme", () => {
    const used = new Set(result.disagreements.map(({ reason }) => reason));
    expect([...used]).toEqual(rightDifferences.map(({ reason }) => reason));
    for (const { name, reason } of rightDifferences) {
      expect(readme).toContain(name);
      expect(readme).toContain(reason);
    }
  });
});

/** What a changed line makes of the comparison. */
describe("a line that the node did not say", () => {
  const pick = (fits: (exchange: Exchange) => boolean): Exchange => {
    const found = exchanges.find(fits);
    if (found === undefined) throw new Error("the recording has no such line");
    return found;
  };
  const refusal = pick(({ label }) => label === "unknown path POST");
  const list = pick(({ label }) => label === "valid wallet sign");
  const dead = pick(
    ({ transport_error, status }) => status === null && /closed/i.test(transport_error ?? ""),
  );

  test.each([
    ["another status", { ...refusal, status: 500 }],
    ["another code", { ...refusal, body: refusal.body.replace("-32601", "-32600") }],
    ["another word", { ...refusal, body: refusal.body.replace("not support", "no support for") }],
    ["another line end", { ...refusal, body: refusal.body.replace(/\r\n$/, "\n") }],
    ["another layout", { ...refusal, body: refusal.body.replace("    ", "  ") }],
    ["a space less", { ...list, body: list.body.replace(", ", ",") }],
    ["a header less", { ...list, headers: list.headers?.slice(1) ?? [] }],
    ["an answer instead of a death", { ...dead, status: 200, transport_error: null }],
    ["a route that is refused otherwise", { ...refusal, path: "/api/v1/tasks/nope" }],
  ])("differs: %s", async (_name, line) => {
    const cast = exchanges.filter(({ group }) => group === "forwarded: every endpoint, valid wallet");
    const { disagreements } = await replay([...cast, line]);
    expect(disagreements.map(({ exchange }) => exchange)).toContain(line);
  });

  test("is one line of the report, and counted", () => {
    const disagreements = [{ exchange: refusal, what: "status 404\ninstead of 500", reason: undefined }];
    expect(report({ agree: 3, disagreements })).toBe(
      `${refusal.n} ${refusal.group} | ${refusal.label}: status 404 instead of 500\n3 agree, 1 differ\n`,
    );
  });
});

test("a line that leaves things out is replayed as far as it goes; one that is no JSON is named", () => {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-dbc-recorded-"));
  const file = join(folder, "odd.jsonl");
  writeFileSync(file, '\n{"path":"/api/v1/nope","status":404,"body":null}\n');
  expect(loadExchanges(file)).toMatchObject([{ n: 2, method: "POST", body: "", headers: null }]);
  writeFileSync(file, "{}\n{");
  expect(() => loadExchanges(file)).toThrow(/^line 2 of .*odd.jsonl is not JSON$/);
  rmSync(folder, { recursive: true });
});

test("a group that nobody foresaw is replayed in the world of the valid wallet", async () => {
  const known = exchanges.filter(({ group }) => group === "forwarded: every endpoint, valid wallet");
  const { agree, disagreements } = await replay(known.map((line) => ({ ...line, group: "something new" })));
  expect([agree, disagreements]).toEqual([known.length, []]);
});
