/** Every argument of the three resources: what it takes, what it refuses in which words, what a change costs. */
import * as z from "zod";
import { checkFields } from "../../provider/core/check";
import { notesOf } from "../../provider/core/fields";
import { UNKNOWN } from "../../provider/core/unknown";
import { computingResourceQuery } from "../../provider/resources/computing-resource-query";
import { taskPath } from "../../provider/resources/task-path";
import { taskTemplateSubmission } from "../../provider/resources/task-template-submission";

const TEXT = "must be 1 to 255 characters, not all of them blank";

interface Row {
  readonly cost: string;
  readonly wire: string | undefined;
  readonly fallback?: unknown;
  readonly good: readonly unknown[];
  readonly bad: readonly (readonly [unknown, string])[];
}

const ROWS: Readonly<Record<string, Row>> = {
  data: {
    cost: "replace",
    wire: "data",
    fallback: {},
    good: [{}, { userID: "x" }, { a: [1, { b: null }], "": true }, { a: UNKNOWN }, UNKNOWN],
    bad: [
      [[], "must be an object, not []"],
      ["{}", 'must be an object, not "{}"'],
      [7, "must be an object, not 7"],
    ],
  },
  source: {
    cost: "replace",
    wire: "source",
    fallback: "pulumi-dbc",
    good: ["ctyun", "x".repeat(255), "城市 1", UNKNOWN],
    bad: [
      ["", `${TEXT}, not ""`],
      [" \t", `${TEXT}, not`],
      ["x".repeat(256), TEXT],
      [1, `${TEXT}, not 1`],
    ],
  },
  sessionIdentifier: {
    cost: "replace",
    wire: "session_identifier",
    good: ["alice", "a\nb", UNKNOWN],
    bad: [
      ["", `${TEXT}, not ""`],
      ["   ", TEXT],
      ["x".repeat(256), TEXT],
    ],
  },
  refreshTrigger: { cost: "replace", wire: undefined, good: ["", "1"], bad: [[1, "must be text, not 1"]] },
  resendTrigger: { cost: "live", wire: undefined, good: ["", "1"], bad: [[{}, "must be text, not {}"]] },
};

describe.each([
  ["POST /api/v1/query_computing_resources/", computingResourceQuery],
  ["POST /api/v1/query_computing_resources_by_task_template/", taskTemplateSubmission],
  ["POST /api/v1/task_path/", taskPath],
] as const)("%s", (endpoint, { shape }) => {
  test("has these arguments", () => {
    expect(Object.keys(shape)).toEqual(Object.keys(ROWS));
  });

  test.each(Object.entries(shape))("%s", (name, schema) => {
    const row = ROWS[name];
    if (row === undefined) throw new Error(`${name} has no row`);
    expect(notesOf(schema)).toMatchObject({ cost: row.cost });
    expect(notesOf(schema).wire).toBe(row.wire);
    expect(notesOf(schema).source).toBe(row.wire === undefined ? undefined : endpoint);
    expect((z.toJSONSchema(schema, { io: "input" }).description ?? "").length).toBeGreaterThan(20);
    expect(checkFields(shape, {}).values[name]).toEqual(row.fallback);
    for (const value of row.good)
      expect(checkFields(shape, { [name]: value })).toMatchObject({
        values: { [name]: value },
        problems: [],
      });
    for (const [value, words] of row.bad)
      expect(checkFields(shape, { [name]: value }).problems).toEqual([
        { field: name, reason: expect.stringContaining(`${name} ${words}`) },
      ]);
  });
});
