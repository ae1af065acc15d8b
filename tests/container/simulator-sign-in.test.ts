import { RawPlatform } from "./raw";

let platform: RawPlatform;
beforeEach(async () => {
  platform = await RawPlatform.start();
});
afterEach(() => platform.close());

const HOUR = 3_600_000;
const detail = (token: string) =>
  platform.ask("GET", "/r/11112/ai/openapi/v2/instance-service/resource-group", { headers: { token } });

test("a signed login answers a token for each region, none where it is suspended, and the platform's own", async () => {
  const { status, body } = await platform.login();
  expect(status).toBe(200);
  expect(body).toEqual({
    code: "0",
    msg: expect.any(String),
    data: [
      { clusterId: "0", clusterName: "ac", token: expect.any(String) },
      { clusterId: "11112", clusterName: "华东一区", token: expect.any(String) },
      { clusterId: "11113", clusterName: "suspended-region", token: null },
      { clusterId: "11114", clusterName: "hpc-only", token: expect.any(String) },
    ],
  });
});

test.each([
  ["user", "", "10003", "header user is missing"],
  ["signature", "", "10003", "header signature is missing"],
  ["timestamp", "17x", "10004", "timestamp is invalid"],
  ["user", "eve", "10009", "user does not exist"],
  ["accessKey", "0".repeat(32), "10009", "AK/SK not found"],
  ["signature", "0".repeat(64), "10009", "AK/SK signature verification failed"],
  ["timestamp", "1764597591", "10009", "AK/SK signature verification failed"],
])("a login with %s %j is refused with %s", async (header, value, code, msg) => {
  expect((await platform.login({ [header]: value })).body).toEqual({ code, msg, data: null });
});

test("another user's key is told from one that is not there", async () => {
  const [bob] = platform.simulator.world.accounts;
  if (bob) platform.simulator.world.accounts.push({ ...bob, user: "eve", accessKey: "e".repeat(32) });
  expect((await platform.login({ accessKey: "e".repeat(32) })).body).toMatchObject({
    code: "10009",
    msg: "AK/SK does not belong to this user",
  });
});

test("the older login takes user, password and organisation, in whatever case the headers are", async () => {
  const headers = {
    user: "bob",
    password: "simulated-password",
    orgid: "6048ce7ba15c2af2e8cec12991ec13cf",
  };
  const { body } = await platform.ask("POST", "/ac/openapi/v2/tokens", { headers });
  expect(body).toMatchObject({
    code: "0",
    data: expect.arrayContaining([expect.objectContaining({ clusterId: "11112" })]),
  });
  const wrong = await platform.ask("POST", "/ac/openapi/v2/tokens", {
    headers: { ...headers, orgid: "other" },
  });
  expect(wrong.body).toMatchObject({ code: "10009" });
});

test("tokens are signed JWTs with the nine claims, all of them text, and the end in milliseconds", async () => {
  const [head = "", payload = "", signature = ""] = (await platform.token()).split(".");
  const read = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
  expect(read(head)).toEqual({ alg: "HS256", typ: "JWT" });
  const claims = read(payload);
  expect(Object.keys(claims)).toEqual([
    "computeUser",
    "accountStatus",
    "creator",
    "role",
    "expireTime",
    "clusterId",
    "invoker",
    "user",
    "userId",
  ]);
  expect(Object.values(claims).every((value) => typeof value === "string")).toBe(true);
  expect(claims.expireTime).toBe(String(platform.clock.time() + 24 * HOUR));
  const forged = Buffer.from(JSON.stringify({ ...claims, user: "eve" })).toString("base64url");
  expect((await detail(`${head}.${forged}.${signature}`)).body).toMatchObject({ code: "10008" });
});

test("a token ends: 10008, as weak as a lack of permission; within 24 h it is renewed, later not", async () => {
  const token = await platform.token();
  const state = (headers = { token }) => platform.ask("GET", "/ac/openapi/v2/tokens/state", { headers });
  expect((await state()).body).toMatchObject({ code: "0", data: "token is valid" });
  await platform.clock.advance(24 * HOUR);
  expect((await state()).body).toMatchObject({ code: "10008", msg: "token has expired" });
  expect((await detail(token)).body).toEqual({ code: "10008", msg: "token has expired", data: null });
  const renew = () => platform.ask("POST", "/ac/openapi/v2/tokens/next", { headers: { token }, body: {} });
  const renewed = (await renew()).body.data;
  expect((await detail(String(renewed))).body).toMatchObject({ code: "0" });
  await platform.clock.advance(24 * HOUR + 1);
  expect((await renew()).body).toMatchObject({ code: "10008" });
});

test("the centre tells a region's addresses, switched on and off, to its token; to the platform's own 10001", async () => {
  const center = (token: string) => platform.ask("GET", "/ac/openapi/v2/center", { headers: { token } });
  const { body } = await center(await platform.token());
  expect(body.data).toMatchObject({ id: 11112, name: "华东一区", clusterUserInfo: { userName: "acbob" } });
  expect((body.data as { aiUrls: unknown[] }).aiUrls).toEqual([
    { enable: "false", version: "1", url: expect.stringMatching(/\/old\/ai$/) },
    { enable: "true", version: "2", url: expect.stringMatching(/\/r\/11112\/ai$/) },
  ]);
  expect((await center(await platform.token("0"))).body).toEqual({
    code: "10001",
    msg: "internal_error",
    data: null,
  });
});

test("a token is good for its own region only, the platform's for none, a frozen account's for nothing", async () => {
  expect((await detail(await platform.token("0"))).body).toMatchObject({ code: "10008" });
  expect((await detail(await platform.token("11114"))).body).toMatchObject({ code: "10008" });
  expect((await detail("")).body).toMatchObject({ code: "10003" });
  const token = await platform.token();
  Object.assign(platform.simulator.world.accounts[0] ?? {}, { status: "Disable" });
  expect((await detail(token)).body).toMatchObject({ code: "10007" });
});

test("a region without containers answers 404 to every one of their paths, and no JSON", async () => {
  const headers = { token: await platform.token("11114") };
  for (const path of ["instance-service/task/list", "image/images", "instance-service/x/detail"]) {
    const { status, text } = await platform.ask("GET", `/r/11114/ai/openapi/v2/${path}`, { headers });
    expect([status, text.startsWith("<html>")]).toEqual([404, true]);
  }
});
