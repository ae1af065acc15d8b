import * as z from "zod";
import { checkFields } from "../../provider/core/check";
import { field, oneOf, port, whole } from "../../provider/core/fields";
import { UNKNOWN } from "../../provider/core/unknown";

const shape = {
  cpuCores: field({ cost: "needsStop" }, whole(1)),
  os: field({ cost: "replace" }, oneOf(["linux", "windows"]).default("linux")),
  maps: field({ cost: "live" }, z.array(z.strictObject({ host: port() })).optional()),
  login: field(
    { cost: "live", secret: true },
    z.strictObject({ password: z.string({ error: "must be text" }) }).optional(),
  ),
};

const reasons = (news: Record<string, unknown>) =>
  checkFields(shape, news).problems.map(({ reason }) => reason);

test("defaults are filled in and hidden names pass", () => {
  expect(checkFields(shape, { cpuCores: 2, __urn: "urn:x" })).toEqual({
    values: { cpuCores: 2, os: "linux", __urn: "urn:x" },
    problems: [],
  });
});

test("every mistake is found at once, each with field, rule and value", () => {
  expect(reasons({ cpuCores: 0, os: "beos", maps: [{ host: 22 }, { host: 70_000 }] })).toEqual([
    "cpuCores must be a whole number of at least 1, not 0.",
    'os must be "linux" or "windows", not "beos".',
    "maps[1].host must be a whole number from 1 to 65535, not 70000.",
  ]);
});

test("a missing field says so", () => {
  expect(reasons({})).toEqual(["cpuCores is missing: it must be a whole number of at least 1."]);
});

test("a misspelt field is told with the one that was meant", () => {
  expect(reasons({ cpuCores: 1, CPU_cores: 4 })).toEqual([
    'there is no field "CPU_cores": did you mean cpuCores?',
  ]);
  expect(reasons({ cpuCores: 1, colour: "red" })).toEqual(['there is no field "colour".']);
});

test("values that are not known yet pass, at any depth", () => {
  expect(reasons({ cpuCores: UNKNOWN, maps: [{ host: UNKNOWN }] })).toEqual([]);
});

test("the value of a secret field is never shown", () => {
  const [reason = ""] = reasons({ cpuCores: 1, login: { password: 31_337 } });
  expect(reason).toBe("login.password must be text.");
});
