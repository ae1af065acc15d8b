/// <reference types="jest" />
import { checkEndpoint } from "../../provider/api/dbc/endpoint";
import { clientOf, NODE, ok, recordingSend } from "./fakes";

test.each([
  ["http://127.0.0.1:5002", "http://127.0.0.1:5002"],
  ["http://127.0.0.1:5002/", "http://127.0.0.1:5002"],
  ["http://127.9.9.9:5002", "http://127.9.9.9:5002"],
  ["http://localhost:5002", "http://localhost:5002"],
  ["http://dbc.localhost", "http://dbc.localhost"],
  ["http://[::1]:5002", "http://[::1]:5002"],
  ["https://dbc.example/", "https://dbc.example"],
  ["https://dbc.example/behind/a/proxy/", "https://dbc.example/behind/a/proxy"],
  ["https://dbc.example/api/v1/", "https://dbc.example"],
])("%s is taken as %s", (endpoint, base) => {
  expect(checkEndpoint(endpoint)).toBe(base);
});

test.each([
  ["", /must be an http/],
  ["127.0.0.1:5002", /must be an http/],
  ["file:///etc/passwd", /must be an http/],
  ["data:text/plain,x", /must be an http/],
  ["ftp://127.0.0.1", /must be an http/],
  ["http://canary:canary@127.0.0.1", /must not hold a user or password/],
  ["https://canary@dbc.example", /must not hold a user or password/],
  ["https://:canary@dbc.example", /must not hold a user or password/],
  ["https://dbc.example/?canary", /must not hold a query/],
  ["https://dbc.example/?", /must not hold a query/],
  ["https://dbc.example/#canary", /must not hold a query or fragment/],
  ["http://10.0.0.1:5002", /over plain http, passwords and the session would travel in clear/],
  ["http://127.evil.example", /SSH tunnel or a TLS proxy, or set DBC_ALLOW_INSECURE_HTTP=1/],
  ["http://localhost.evil.example", /over plain http/],
  ["http://0.0.0.0:5002", /over plain http/],
])("%s is refused", (endpoint, says) => {
  expect(() => checkEndpoint(endpoint)).toThrow(says);
  expect(() => checkEndpoint(endpoint)).toThrow(expect.objectContaining({ outcome: "not-sent" }));
  expect(() => checkEndpoint(endpoint)).not.toThrow(/canary/);
});

test("plain http to another machine is for who allows it", async () => {
  expect(checkEndpoint("http://10.0.0.1:5002", true)).toBe("http://10.0.0.1:5002");
  const { send, requests } = recordingSend(() => ok([]));
  const client = clientOf(send, { endpoint: "http://10.0.0.1:5002/", allowInsecureHttp: true });
  await client.listTasks(NODE);
  expect(client.endpoint).toBe("http://10.0.0.1:5002");
  expect(requests[0]?.request.url).toBe("http://10.0.0.1:5002/api/v1/tasks");
  expect(() => clientOf(send, { endpoint: "http://10.0.0.1:5002" })).toThrow(/plain http/);
});
