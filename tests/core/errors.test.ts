import { isRemote, RemoteError, sentence, UserError } from "../../provider/core/errors";

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

test("what nobody expected says where it was, and is cleaned too", () => {
  const START = "unexpected failure inside the provider: ";
  expect(sentence(new TypeError("x is\nnot a function"))).toBe(`${START}x is not a function`);
  expect(sentence("text <{%x%}>")).toBe(`${START}text < {%x%}>`);
  expect(sentence(undefined)).toBe(`${START}undefined`);
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
