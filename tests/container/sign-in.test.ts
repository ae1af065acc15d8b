import { loginMessage, loginSignature } from "../../provider/api/container/signature";
import { claimsOf } from "../../provider/api/container/token";
import type { ContainerCredentials } from "../../provider/api/container/types";
import { ACCOUNT, failureOf, ORDER, type Platform, startPlatform } from "./platform";

let platform: Platform;
beforeEach(async () => {
  platform = await startPlatform();
});
afterEach(() => platform.close());

const HOUR = 3_600_000;
const operations = () => platform.simulator.requests.map(({ operation }) => operation);
const count = (operation: string) => operations().filter((one) => one === operation).length;

/** A token as somebody would hand it out. */
const tokenOf = async (regionId: string): Promise<string> => {
  const { url } = platform.simulator;
  const [timestamp, user] = [String(Math.floor(platform.clock.time() / 1_000)), ACCOUNT.user];
  const signature = loginSignature(ACCOUNT.secretKey, ACCOUNT.accessKey, timestamp, user);
  const headers = { user, accesskey: ACCOUNT.accessKey, timestamp, signature };
  const answer = await fetch(`${url}/api/user/v3/tokens`, { method: "POST", headers, body: "{}" });
  const { data } = (await answer.json()) as { data: { clusterId: string; token: string }[] };
  return data.find(({ clusterId }) => clusterId === regionId)?.token ?? "";
};

const given = async (regionId = "11112") =>
  platform.client({ credentials: { kind: "token", token: await tokenOf(regionId) }, region: undefined });

test("the login's signature is that of the reference's vector", () => {
  const [accessKey, timestamp] = ["85f96a42b13f4d2c8b760d2775bbcca8", "1764597591"];
  expect(loginMessage(accessKey, timestamp, "bob")).toBe(
    '{"accessKey":"85f96a42b13f4d2c8b760d2775bbcca8","timestamp":"1764597591","user":"bob"}',
  );
  expect(loginSignature("test-secret-key", accessKey, timestamp, "bob")).toBe(
    "955d795a7d1866b85da79cf2763285a5e591eae8fad59bb9f046443bd16df1a1",
  );
  expect(loginMessage("k", "1", 'o"b\\')).toBe('{"accessKey":"k","timestamp":"1","user":"o\\"b\\\\"}');
});

test.each<[string, Partial<typeof ACCOUNT>, string]>([
  ["a wrong secret key", { secretKey: "canary-key" }, "AK/SK signature verification failed"],
  ["an unknown user", { user: "eve" }, "user does not exist"],
  ["an unknown access key", { accessKey: "canary-key" }, "AK/SK not found"],
])("%s is refused in one sentence, without the key", async (_what, wrong, said) => {
  const failure = await failureOf(
    platform.run(platform.client({ credentials: { ...ACCOUNT, ...wrong } }).listTasks()),
  );
  expect(failure.outcome).toBe("unauthorised");
  expect(failure.message).toBe(
    `could not sign in to the container platform: the service said "${said}" with code 10009 (the sign-in failed verification); check containerUser (the login name that the key belongs to), containerAccessKey, containerSecretKey, and the clock of this machine`,
  );
  expect(failure.message).not.toContain("canary-key");
  expect(count("login")).toBe(1);
});

test("a clock that is wrong is suspected where the platform minds", async () => {
  platform.simulator.world.switches.clockSkewMs = 300_000;
  expect(await platform.run(platform.client().listTasks())).toEqual([]);
  const today = () => new Date(platform.clock.time() - HOUR);
  const { now, sleep } = platform.clock;
  const clock = { now: now.bind(platform.clock), sleep: sleep.bind(platform.clock), today };
  const failure = await failureOf(platform.run(platform.client({ effects: { clock } }).listTasks()));
  expect(failure.message).toContain('"timestamp expired"');
  expect(failure.message).toContain("the clock of this machine");
});

test("user, password and organisation, the older way", async () => {
  const credentials: ContainerCredentials = {
    kind: "password",
    user: "bob",
    password: "simulated-password",
    orgId: "6048ce7ba15c2af2e8cec12991ec13cf",
  };
  expect(await platform.run(platform.client({ credentials }).getUser())).toMatchObject({ userName: "bob" });
  expect(count("passwordLogin")).toBe(1);
  const wrong = platform.client({ credentials: { ...credentials, password: "canary-password" } });
  const failure = await failureOf(platform.run(wrong.getUser()));
  expect(failure.message).toMatch(
    /"user name or password is wrong".*check containerUser, containerPassword and containerOrgId$/,
  );
});

test("regions are chosen by id or by name; without a choice there must be only one", async () => {
  const name = "华东一区";
  expect(await platform.run(platform.client({ region: name }).region())).toMatchObject({ id: "11112", name });
  expect(await platform.run(platform.client({ region: undefined }).region("11112"))).toMatchObject({ name });
  expect((await failureOf(platform.run(platform.client({ region: undefined }).listTasks()))).message).toBe(
    "could not use a region of the container platform: the account has several: set containerRegion, or `region`, to one of 11112 (华东一区), 11114 (hpc-only)",
  );
  expect((await failureOf(platform.run(platform.client({ region: "mars" }).listTasks()))).message).toBe(
    'could not use a region of the container platform: the account has no region "mars"; its regions are 11112 (华东一区), 11113 (suspended-region), 11114 (hpc-only)',
  );
});

test.each(["11113", "suspended-region"])("suspended in region %s", async (region) => {
  const failure = await failureOf(platform.run(platform.client({ region }).createTask(ORDER)));
  expect(failure.outcome).toBe("unauthorised");
  expect(failure.message).toBe(
    "could not use a region of the container platform: the account is suspended in region 11113 (suspended-region); settle it with the platform, or choose another region",
  );
});

test("a region without containers", async () => {
  const failure = await failureOf(platform.run(platform.client({ region: "hpc-only" }).createTask(ORDER)));
  expect(failure.outcome).toBe("refused");
  expect(failure.message).toMatch(
    /^could not create container task trainer-abcd1234: http:\/\/127\.0\.0\.1:\d+\/r\/11114\/ai answered HTTP 404 with .*; this region offers no container OpenAPI, or it has other paths \(setting containerPaths\)$/,
  );
});

test("no credentials", async () => {
  const failure = await failureOf(platform.run(platform.client({ credentials: undefined }).listTasks()));
  expect(failure.message).toContain("no credentials are given; give containerUser, containerAccessKey");
});

describe("a token that was handed out", () => {
  test("knows its own region", async () => {
    const client = await given();
    expect(await platform.run(client.region())).toMatchObject({ id: "11112" });
    expect(await platform.run(client.listTasks())).toEqual([]);
    expect(count("center")).toBe(1);
    expect(await platform.run(client.region("华东一区"))).toMatchObject({ id: "11112", name: "华东一区" });
    expect((await failureOf(platform.run(client.listTasks("11114")))).message).toContain(
      'the account has no region "11114"; its regions are 11112 (华东一区)',
    );
  });

  test("of the platform itself reaches no containers", async () => {
    expect((await failureOf(platform.run((await given("0")).listTasks()))).message).toContain(
      "it is the platform's own token, which reaches no containers; give the token of a region",
    );
  });

  test.each(["text", "object", "list"] as const)(
    "is renewed before it ends, in the shape of %s",
    async (shape) => {
      platform.simulator.world.switches.renewShape = shape;
      const client = await given();
      const [first] = [await platform.run(client.listTasks())];
      await platform.clock.advance(23.9 * HOUR);
      await platform.run(client.listTasks());
      expect(count("renewToken")).toBe(0);
      await platform.clock.advance(0.05 * HOUR);
      expect(await platform.run(client.listTasks())).toEqual(first);
      await platform.clock.advance(23 * HOUR);
      await platform.run(client.listTasks());
      expect(count("renewToken")).toBe(1);
      expect(platform.simulator.requests.every(({ code }) => code === "0")).toBe(true);
    },
  );

  test("that ended more than 24 h ago can't be renewed", async () => {
    const client = await given();
    await platform.clock.advance(49 * HOUR);
    const failure = await failureOf(platform.run(client.listTasks()));
    expect(failure.outcome).toBe("unauthorised");
    expect(failure.message).toMatch(
      /^could not renew the container token: .*"token expired for more than 24 hours, please log in again" with code 10008 .*give a new containerToken, or containerUser, containerAccessKey and containerSecretKey$/,
    );
  });
});

describe("a token that is refused", () => {
  test("is renewed, once for all that wait, and the call is sent again", async () => {
    const client = platform.client();
    await platform.run(client.listTasks());
    Object.assign(platform.simulator.world, { signingKey: "another" });
    const [id] = await platform.run(
      Promise.all([client.createTask(ORDER), client.listTasks(), client.getUser(), client.listMountDirs()]),
    );
    expect(platform.simulator.tasks).toMatchObject([{ id }]);
    expect(count("login")).toBe(2);
  });

  test("is not renewed when it is only too weak, and nothing is sent twice", async () => {
    const client = platform.client();
    platform.simulator.arm({ kind: "refusal", operation: "create", code: 10008, message: "权限不足" });
    const failure = await failureOf(platform.run(client.createTask(ORDER)));
    expect(failure.message).toBe(
      'could not create container task trainer-abcd1234: the service said "权限不足" with code 10008 (insufficient permission); ask the owner of the account for the right to use containers in this region',
    );
    expect(operations()).toEqual(["login", "center", "create", "tokenState"]);
  });

  test("twice is told, not tried for ever", async () => {
    const client = platform.client();
    platform.simulator.arm({ kind: "refusal", operation: "list", code: 10008, times: null });
    platform.simulator.arm({ kind: "refusal", operation: "tokenState", code: 10008, times: null });
    expect(await failureOf(platform.run(client.listTasks()))).toMatchObject({ outcome: "unauthorised" });
    expect(count("login")).toBe(2);
    expect(count("list")).toBe(2);
  });

  test("by the gateway, with HTTP 401 and no JSON, is renewed too", async () => {
    const client = platform.client();
    platform.simulator.arm({ kind: "http-error", operation: "list", code: 401 });
    platform.simulator.arm({ kind: "http-error", operation: "tokenState", code: 401 });
    expect(await platform.run(client.listTasks())).toEqual([]);
    expect(count("login")).toBe(2);
  });
});

test("a token's claims are read, and an opaque token has none", async () => {
  const token = await tokenOf("11112");
  expect(claimsOf(token)).toEqual({
    user: "bob",
    regionId: "11112",
    expiresAt: platform.clock.time() + 24 * HOUR,
  });
  const other = Buffer.from('{"user":"bob","clusterId":7,"expireTime":"soon"}').toString("base64url");
  expect(claimsOf(`a.${other}.c`)).toEqual({ user: "bob" });
  for (const opaque of ["", "abc", "a.b.c", `a.${Buffer.from("[]").toString("base64url")}.c`])
    expect(claimsOf(opaque)).toEqual({});
});
