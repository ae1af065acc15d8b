/** Whole sentences and edges of the judgement, beside the table of outcomes. */
import { type Exchange, lifeSign, messageOf } from "../../provider/api/dbc/outcome";
import { type HttpReply, TransportError } from "../../provider/core/effects";
import { RemoteError } from "../../provider/core/errors";

const JUDGE = {
  endpoint: "http://127.0.0.1:5002",
  endpointIsDefault: false,
  redact: (text: string) => text.replaceAll("canary", "[secret]"),
};
const READ = { what: "list x", write: false };
const WRITE = { what: "modify x", write: true };

const reply = (body: unknown, status = 200, headers = {}): HttpReply => ({
  status,
  headers,
  body: typeof body === "string" ? body : JSON.stringify(body),
});
const says = (errcode: number, message: unknown, status = 200) => reply({ errcode, message }, status);

const end = (exchange: Exchange, attempt: Parameters<typeof messageOf>[0] = READ): RemoteError => {
  try {
    messageOf(attempt, exchange, JUDGE);
  } catch (error) {
    if (error instanceof RemoteError) return error;
    throw error;
  }
  throw new Error("it was taken for a success");
};

describe("whether a node was heard", () => {
  test.each<[string, Exchange, ReturnType<typeof lifeSign>]>([
    ["our deadline", new TransportError("late", true, "deadline"), "silent"],
    ["a broken connection", new TransportError("reset", true, "broken"), "none"],
    ["a success", says(0, "ok"), "alive"],
    ["a refusal", says(-1, "create task timeout"), "alive"],
    ["the client node's own timeout", says(-1, "create task timeout", 500), "silent"],
    ["a word that only ends like it", says(-1, "timeout", 500), "alive"],
    ["a word that begins with it", says(-1, " timeout of x", 500), "alive"],
    ["another failure", says(-1, "create node request failed", 500), "alive"],
    ["no text", says(-1, 5, 500), "alive"],
    ["a page", reply("<html> timeout", 500), "alive"],
  ])("%s", (_, exchange, sign) => {
    expect(lifeSign(exchange)).toBe(sign);
  });
});

describe("a sentence", () => {
  test.each<[string, Exchange, Parameters<typeof messageOf>[0], string]>([
    ["of a refusal without words", says(7, ""), READ, "could not list x: the node refused with errcode 7"],
    [
      "of a refusal that is no text",
      says(7, { a: 1 }),
      READ,
      "could not list x: the node refused with errcode 7",
    ],
    [
      "of a modify that was refused half way, and has a remedy",
      says(1, "allocate memory failed"),
      { ...WRITE, changes: ["gpuCount", "memoryGib"] },
      'could not learn whether the order to modify x took effect: the node said "allocate memory failed"; the changes that the node makes before this one are in place; ask for less memory, or power off another VM of this node',
    ],
    [
      "of a redirect",
      reply("", 300, { location: "http://canary.example/" }),
      READ,
      "could not list x: http://127.0.0.1:5002 redirects to [secret].example, which is not followed; check that DBC_ENDPOINT or dbc:endpoint is the address of a DBC client",
    ],
    [
      "of a redirect to nowhere",
      reply("", 302, { location: "http://[" }),
      READ,
      "could not list x: http://127.0.0.1:5002 redirects to elsewhere, which is not followed; check that DBC_ENDPOINT or dbc:endpoint is the address of a DBC client",
    ],
    [
      "of text that is not JSON, without a remedy that is not known to help",
      reply("nonsense", 502),
      READ,
      "could not list x: http://127.0.0.1:5002 answered HTTP 502 with text that is not JSON",
    ],
    [
      "of a failure before a connection, that our own deadline ended",
      new TransportError("no reply within 40 s", false, "deadline"),
      WRITE,
      "could not modify x: the request to http://127.0.0.1:5002 ended early (no reply within 40 s)",
    ],
  ])("%s", (_, exchange, attempt, sentence) => {
    expect(end(exchange, attempt).message).toBe(sentence);
  });

  test("holds what was said only when something was", () => {
    expect(end(reply("nonsense", 502)).said).toBe("");
    expect(end(says(7, "")).said).toBe("");
    expect(end(says(7, "x canary")).said).toBe("x [secret]");
  });

  test("is searched for secrets in no more than 16 KiB, whatever came", () => {
    const searched: number[] = [];
    const redact = (text: string) => {
      searched.push(text.length);
      return text;
    };
    const judge = { ...JUDGE, redact };
    expect(() => messageOf(READ, says(7, "x".repeat(1_000_000)), judge)).toThrow(RemoteError);
    expect(Math.max(...searched)).toBe(16_384);
  });
});

test("words of the client node count only with the status that it gives them", () => {
  const known = "create node request failed";
  expect(end(says(-25, known, 400), WRITE).outcome).not.toBe("unknown");
  for (const status of [402, 418, 501, 503])
    expect(end(says(-25, known, status), WRITE).outcome).toBe("unknown");
  expect(end(says(-32_601, "method not found", 404), WRITE).outcome).toBe("refused");
  expect(end(says(-32_601, "method not found", 410), WRITE).outcome).toBe("unknown");
});
