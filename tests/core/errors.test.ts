import { closedSentence, isRemote, RemoteError, sentence, UserError } from "../../provider/core/errors";

test("an error for the user is its own sentence, cleaned, and goes by its name", () => {
  const remote = new RemoteError("refused", "could not x:\n no", "no\u0007");
  expect([remote.name, remote.message, remote.said, sentence(remote)]).toEqual([
    "RemoteError",
    "could not x: no",
    "no",
    "could not x: no",
  ]);
  expect(new RemoteError("unknown", "m").said).toBe("");
  const mine = new UserError("do\tthis");
  expect([mine.name, mine.message, sentence(mine)]).toEqual(["UserError", "do this", "do this"]);
});

test("what nobody expected says what and where it was, and nothing of its own text", () => {
  const END = ": this is a fault of pulumi-dbc itself; please report it with this line.";
  const error = new TypeError("canary: x is not a function of http://user:secret@host");
  error.stack = `TypeError: canary\n    at f (node:fs:1:2)\n    at g (/home/canary/dist/provider/core/once.js:7:3)`;
  expect(sentence(error)).toBe(`unexpected TypeError inside the provider at provider/core/once.js:7${END}`);
  error.stack = "TypeError: canary";
  expect(sentence(error)).toBe(`unexpected TypeError inside the provider${END}`);
  expect(sentence("canary <{%x%}>")).toBe(`unexpected thrown string inside the provider${END}`);
  expect(sentence(undefined)).toBe(`unexpected thrown undefined inside the provider${END}`);
});

test("a remote error is told by its outcome, or by being one", () => {
  const error = new RemoteError("refused", "m");
  expect(isRemote(error)).toBe(true);
  expect(isRemote(error, "refused")).toBe(true);
  expect(isRemote(error, "unknown", "refused")).toBe(true);
  expect(isRemote(error, "unknown")).toBe(false);
  expect(isRemote(new UserError("m"))).toBe(false);
  expect(isRemote({ outcome: "refused" }, "refused")).toBe(false);
});

test("a sentence that another follows ends with one full stop", () => {
  expect(closedSentence(new UserError("do this"))).toBe("do this.");
  expect(closedSentence(new UserError("do this."))).toBe("do this.");
  expect(closedSentence(new RemoteError("unknown", 'the node said "no"'))).toBe('the node said "no".');
});
