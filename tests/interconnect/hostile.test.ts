/** What the platform says may hold anything: tokens, control characters, the engine's own marks, odd forms. */
import { reply } from "../api/fakes";
import { clientOf, failed, request, said, TOKEN } from "./fakes";

describe("what the platform says is made harmless", () => {
  test("in a refusal: no token of ours or its own, no password of the data, no control characters", async () => {
    const error = await failed(() =>
      said(
        400,
        `got ${TOKEN} and canary-password\u001b[31m <{%reset%}> see https://u:hunter2@x/?access_token=abc123&n=1 eyJhbGciOi.eyJ1c2Vy.c2ln`,
      ),
    );
    for (const secret of [TOKEN, "canary-password", "hunter2", "abc123", "eyJ1c2Vy", "\u001b", "<{%"])
      expect(error.message + error.said).not.toContain(secret);
    expect(error.message).toContain("got [secret] and [secret]");
    expect(error.message).toContain("n=1");
  });

  test("in an answer: results lose their tokens, nothing holds ours, and the rest is whole in raw", async () => {
    const url = `https://compute.example/?token=${"x".repeat(600)}`;
    const answer = await clientOf(() =>
      reply({
        code: 0,
        data: {
          task_id: "T-1",
          computing_resource_url: url,
          echo: `your token is ${TOKEN}`,
          "4dabf18193072939515e22adb298388d": "a mark of the engine's",
          unknown: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
          results: [
            {
              id: 3,
              region: "华东\u202e一区",
              network_ips: "http://10.0.0.1/?token=abc123",
              gpu_available: "4",
              gpu_memory: { odd: true },
              network_isixp: false,
              surplus: "kept in raw",
            },
            "not an object",
          ],
        },
      }),
    ).send("taskPath", request);
    expect(answer).toEqual({
      taskId: "T-1",
      computingResourceUrl: url,
      results: [
        expect.objectContaining({
          id: 3,
          region: "华东 一区",
          networkIps: "http://10.0.0.1/?token=[secret]",
          gpuAvailable: 4,
          gpuMemory: undefined,
          networkIsixp: false,
        }),
      ],
      raw: expect.objectContaining({
        computing_resource_url: url,
        echo: "your token is [secret]",
        unknown: "?",
      }),
    });
    const text = JSON.stringify(answer);
    expect(text).toContain("kept in raw");
    for (const bad of [TOKEN, "4dabf18193072939515e22adb298388d", "04da6b54"])
      expect(text).not.toContain(bad);
  });

  test.each([
    [
      [{ id: 1 }, { id: 2 }],
      [{ id: 1 }, { id: 2 }],
      [1, 2],
    ],
    [null, {}, []],
    [undefined, {}, []],
    ["done", "done", []],
    [{ results: null, task_id: null, computing_resource_url: "javascript:alert(1)" }, expect.anything(), []],
    [{ computing_resource_url: "https://[broken" }, expect.anything(), []],
    [{ computing_resource_url: `https://a/${"x".repeat(8_192)}` }, expect.anything(), []],
  ])("data of an odd form are no failure, because the row is written: %j", async (data, raw, ids) => {
    const answer = await clientOf(() => reply({ code: 0, data })).send("taskPath", request);
    expect(answer.raw).toEqual(raw);
    expect(answer.results.map(({ id }) => id)).toEqual(ids);
    expect(answer).toMatchObject({ taskId: undefined, computingResourceUrl: undefined });
  });
});

test("no text makes the search for tokens slow", async () => {
  const nasty = [
    "token.".repeat(3_000),
    "a-".repeat(9_000),
    "eyJaaaa-".repeat(2_000),
    "h://".repeat(4_000),
    "token=".repeat(3_000),
  ];
  for (const text of nasty) {
    const error = await failed(() => said(400, text));
    expect(error.said.length).toBeLessThanOrEqual(500);
  }
});
