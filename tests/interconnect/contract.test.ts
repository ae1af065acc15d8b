/** The three calls of the vendor's document (seed 002), word for word. */
import { createInterconnectClient } from "../../provider/api/interconnect/client";
import type { InterconnectCall } from "../../provider/api/interconnect/types";
import type { HttpReply, HttpRequest } from "../../provider/core/effects";
import { failure, RestlessClock, reply } from "../api/fakes";

const SAMPLE = `{
  "source": "ctyun",
  "session_identifier": "",
  "data": {
    "userID": "xxx"
  }
}`;
const GOOD = `{
    "code": 0,
    "message": "ok",
    "data": {}
}`;
const BAD = `{
    "code": 500,
    "message": "Internal Server Error",
    "data": {}
}`;

const PATHS: readonly (readonly [InterconnectCall, string])[] = [
  ["computingResourceQuery", "/api/v1/query_computing_resources/"],
  ["taskTemplateSubmission", "/api/v1/query_computing_resources_by_task_template/"],
  ["taskPath", "/api/v1/task_path/"],
];

/** A platform that answers `text`, and what it was sent. */
const platform = (text: string, endpoint = "https://ic.example", paths = {}) => {
  const requests: HttpRequest[] = [];
  const send = async (request: HttpRequest): Promise<HttpReply> => {
    requests.push(request);
    return reply(text);
  };
  const client = createInterconnectClient({
    endpoint,
    token: "the-token",
    paths,
    effects: { clock: new RestlessClock(), send },
  });
  return { client, requests };
};

const sample = { source: "ctyun", sessionIdentifier: "", data: { userID: "xxx" } };

/** Types of a JSON value, with the keys of its objects in order. */
const form = (value: unknown): unknown =>
  typeof value === "object" && value !== null
    ? Object.entries(value).map(([key, inner]) => [key, form(inner)])
    : typeof value;

describe.each(PATHS)("%s", (call, path) => {
  test("sends the sample's body, its keys in order and of the same types, with the two headers", async () => {
    const { client, requests } = platform(GOOD);
    await client.send(call, sample);
    const [request] = requests;
    expect(request).toMatchObject({
      method: "POST",
      url: `https://ic.example${path}`,
      freshConnection: true,
    });
    expect(request?.headers).toEqual({
      accept: "application/json",
      "content-type": "application/json",
      token: "the-token",
    });
    const body: unknown = JSON.parse(request?.body ?? "");
    expect(body).toEqual(JSON.parse(SAMPLE));
    expect(form(body)).toEqual(form(JSON.parse(SAMPLE)));
    expect(request?.body).toBe(JSON.stringify(JSON.parse(SAMPLE)));
    expect(requests).toHaveLength(1);
  });

  test("takes the sample's answer", async () => {
    const { client } = platform(GOOD);
    expect(await client.send(call, sample)).toEqual({
      taskId: undefined,
      results: [],
      computingResourceUrl: undefined,
      raw: {},
    });
  });

  test("takes the sample's error for what it is: the row may have been written", async () => {
    const { client } = platform(BAD);
    expect(await failure(client.send(call, sample))).toMatchObject({
      outcome: "unknown",
      said: "500 Internal Server Error",
      message: expect.stringMatching(
        /^could not learn whether the request to .* was taken: the platform said "Internal Server Error" with code 500$/,
      ),
    });
  });
});

test.each([
  ["https://ic.example/", "https://ic.example/api/v1/task_path/"],
  ["https://ic.example///", "https://ic.example/api/v1/task_path/"],
  ["https://ic.example/gateway/", "https://ic.example/gateway/api/v1/task_path/"],
  ["https://ic.example/api/v1", "https://ic.example/api/v1/task_path/"],
  ["https://ic.example/api/v1/", "https://ic.example/api/v1/task_path/"],
])("with the address %s goes to %s", async (endpoint, url) => {
  const { client, requests } = platform(GOOD, endpoint);
  await client.send("taskPath", sample);
  expect(requests[0]?.url).toBe(url);
});

test("goes to another path where the settings say so, and refuses one that is none", async () => {
  const { client, requests } = platform(GOOD, "https://ic.example", { taskPath: "/api/v2/path" });
  await client.send("taskPath", sample);
  await client.send("computingResourceQuery", sample);
  expect(requests.map(({ url }) => url)).toEqual([
    "https://ic.example/api/v2/path",
    "https://ic.example/api/v1/query_computing_resources/",
  ]);
  expect(() => platform(GOOD, "https://ic.example", { task_path: "/x/" })).toThrow(
    'could not use interconnectPaths: there is no call "task_path"; there are computingResourceQuery, taskTemplateSubmission, taskPath',
  );
  expect(() => platform(GOOD, "https://ic.example", { taskPath: "x/" })).toThrow(
    '"taskPath" must be a path that begins with /',
  );
});

test("data of any form are sent as they are", async () => {
  const data = {
    z: [1, 2.5, "3", null, true, { nested: { deeper: [] } }],
    a: "\u0000控制 \u202e<{%x%}>",
    userID: "",
    toString: 1,
  };
  const { client, requests } = platform(GOOD);
  await client.send("taskTemplateSubmission", { ...sample, data });
  expect(requests[0]?.body).toBe(JSON.stringify({ source: "ctyun", session_identifier: "", data }));
});

test.each([
  ["0", '{"code": "0", "message": "ok", "data": {"task_id": 7}}'],
  ["00", '{"code": "00", "msg": "ok", "data": {"task_id": 7}}'],
])("a code that is text, %s, is a success too", async (_code, text) => {
  const { client } = platform(text);
  expect((await client.send("taskPath", sample)).taskId).toBe(7);
});
