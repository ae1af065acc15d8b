/** What each answer, and each way of not answering, is taken for. */
import { createInterconnectClient } from "../../provider/api/interconnect/client";
import { type HttpReply, TransportError } from "../../provider/core/effects";
import type { Outcome } from "../../provider/core/errors";
import { failure, RestlessClock, reply } from "../api/fakes";
import { clientOf, failed, request, said, TOKEN } from "./fakes";

const ROWS: readonly (readonly [string, HttpReply, Outcome, string])[] = [
  [
    "code 400",
    said(400, "source: This field may not be blank."),
    "refused",
    'could not record the chosen path at the interconnection platform: the platform said "source: This field may not be blank." with code 400; check source, sessionIdentifier and data',
  ],
  [
    "code 401",
    said(401, "Invalid token."),
    "unauthorised",
    'the platform said "Invalid token." with code 401; check interconnectToken (DBC_INTERCONNECT_TOKEN)',
  ],
  ["code 403 as text", said("403", "no"), "unauthorised", "with code 403; check interconnectToken"],
  ["code 404", said(404, "task 7 not found"), "refused", '"task 7 not found" with code 404'],
  ["code 405", said(405, 'Method "GET" not allowed.', 405), "refused", "every path ends in a slash"],
  ["code 429", said(429, "slow down"), "unavailable", "nothing was recorded: try again later"],
  ["code 500", said(500, "Internal Server Error"), "unknown", '"Internal Server Error" with code 500'],
  ["a code nobody knows", said(10_001, "内部错误"), "unknown", '"内部错误" with code 10001'],
  ["a code below zero", said(-1, ""), "unknown", "nothing but code -1"],
  ["a message that is no text", said(400, { data: ["required"] }), "refused", '"{"data":["required"]}" with'],
  ["msg instead of message", reply({ code: 400, msg: "bad" }), "refused", '"bad" with code 400'],
  [
    "a success with an HTTP error",
    said(0, "ok", 502),
    "unknown",
    "https://ic.example answered HTTP 502 with a success code",
  ],
  [
    "the framework's own refusal",
    reply({ detail: "Invalid token." }, 401),
    "unauthorised",
    'answered HTTP 401 with "Invalid token."',
  ],
  [
    "the framework's own complaint",
    reply({ source: ["This field is required."] }, 400),
    "refused",
    'answered HTTP 400 with "{"source":["This field is required."]}"',
  ],
  ["a page in place of JSON", reply("<html>busy</html>"), "unknown", "answered HTTP 200 with an HTML page"],
  ["half an answer", reply('{"code": 0, "mess'), "unknown", "text that is not JSON"],
  ["nothing", reply(""), "unknown", "an empty answer"],
  ["no code", reply({ message: "ok" }), "unknown", 'HTTP 200 with "ok"'],
  ["a code that is none", reply({ code: true, message: "ok" }), "unknown", "HTTP 200"],
  ["no such page", reply("<html>", 404), "refused", "check interconnectEndpoint and interconnectPaths"],
  ["a gateway's timeout", reply("<html>", 504), "unknown", "answered HTTP 504"],
  [
    "a redirect",
    { status: 301, headers: { location: "https://else.example/x" }, body: "" },
    "refused",
    "redirects to else.example; redirects are not followed; check interconnectEndpoint and interconnectPaths: every path ends in a slash",
  ],
];

test.each(ROWS)("%s", async (_name, answer, outcome, words) => {
  const error = await failed(() => answer);
  expect(error.outcome).toBe(outcome);
  expect(error.message).toContain(words);
});

test.each([
  [new TransportError("the connection was reset", true), "unknown", "ended early (the connection was reset)"],
  [new TransportError("no reply within 60 s", true, "deadline"), "unknown", "(no reply within 60 s)"],
  [new TransportError("the reply is too large", true, "bad-reply"), "unknown", "(the reply is too large)"],
  [
    new TransportError("the connection was refused", false),
    "not-sent",
    "nothing answers at https://ic.example (the connection was refused); check interconnectEndpoint",
  ],
])("a fault on the way: %s", async (fault, outcome, words) => {
  const error = await failed(() => Promise.reject(fault));
  expect(error.outcome).toBe(outcome);
  expect(error.message).toContain(words);
});

test("a failure of the library is not told with its words, which may hold anything", async () => {
  const error = await failed(() => Promise.reject(new Error(`headers: ${TOKEN}`)));
  expect(error).toMatchObject({ outcome: "unknown", message: expect.not.stringContaining(TOKEN) });
});

test("no token, or one that no header can carry, is a mistake before anything is sent", async () => {
  let sent = 0;
  const answer = () => {
    sent += 1;
    return said(0, "ok");
  };
  // an explicit undefined would take the default
  const without = createInterconnectClient({
    endpoint: "https://ic.example",
    token: undefined,
    effects: { clock: new RestlessClock(), send: async () => answer() },
  });
  expect(await failure(without.send("taskPath", request))).toMatchObject({
    outcome: "unauthorised",
    message: expect.stringContaining("give interconnectToken (DBC_INTERCONNECT_TOKEN)"),
  });
  const broken = await failure(clientOf(answer, "canary\nline").send("taskPath", request));
  expect(broken).toMatchObject({ outcome: "not-sent", message: expect.not.stringContaining("canary") });
  expect(sent).toBe(0);
});

test("text that is too long is refused before it is sent", async () => {
  const error = await failure(
    clientOf(() => said(0, "ok")).send("taskPath", { ...request, source: "x".repeat(256) }),
  );
  expect(error).toMatchObject({
    outcome: "not-sent",
    message:
      "could not record the chosen path at the interconnection platform: source must have at most 255 characters",
  });
});

test("plain http off this machine is refused unless it is allowed", () => {
  const open = (allowInsecureHttp: boolean) =>
    createInterconnectClient({
      endpoint: "http://ic.example",
      token: TOKEN,
      allowInsecureHttp,
      effects: { clock: new RestlessClock(), send: async () => said(0, "ok") },
    });
  expect(() => open(false)).toThrow("could not use interconnectEndpoint: to ic.example over plain http");
  expect(() => open(true)).not.toThrow();
});
