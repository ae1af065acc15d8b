/** Sign-in, renewal, regions and account (reference 2). */
import { loginSignature } from "../../provider/api/container/signature";
import { Refusal } from "./refusal";
import { type Bearer, issueToken, readToken } from "./token";
import type { Account, ContainerWorld } from "./world";

export interface PlatformCall {
  readonly world: ContainerWorld;
  readonly headers: Readonly<Record<string, string>>;
  readonly now: number;
  /** Of this service. */
  readonly url: string;
  /** A number that no token before has had. */
  readonly serial: () => number;
}

const DAY_MS = 86_400_000;
const INTERNAL = new Refusal("10001", "internal_error");

function header({ headers }: PlatformCall, ...names: readonly string[]): string {
  const value = names
    .map((name) => headers[name.toLowerCase()])
    .find((found) => found !== undefined && found !== "");
  if (value === undefined) throw new Refusal("10003", `header ${names[0] ?? ""} is missing`);
  return value;
}

const tokens = (call: PlatformCall, account: Account) => {
  const expiresAt = call.now + call.world.switches.tokenLifetimeMs;
  const issue = (regionId: string) => issueToken(call.world, account, regionId, expiresAt, call.serial());
  return [
    { clusterId: "0", clusterName: "ac", token: issue("0") },
    ...call.world.regions.map(({ id, name, suspended }) => ({
      clusterId: id,
      clusterName: name,
      token: suspended.includes(account.user) ? null : issue(id),
    })),
  ];
};

function login(call: PlatformCall): unknown {
  const [user, accessKey] = [header(call, "user"), header(call, "accessKey")];
  const [timestamp, signature] = [header(call, "timestamp"), header(call, "signature")];
  if (!/^\d{10}$/.test(timestamp)) throw new Refusal("10004", "timestamp is invalid");
  const account = call.world.accounts.find((one) => one.user === user);
  if (account === undefined) throw new Refusal("10009", "user does not exist");
  if (account.accessKey !== accessKey)
    throw new Refusal(
      "10009",
      call.world.accounts.some((one) => one.accessKey === accessKey)
        ? "AK/SK does not belong to this user"
        : "AK/SK not found",
    );
  const skew = call.world.switches.clockSkewMs;
  if (skew !== null && Math.abs(Number(timestamp) * 1_000 - call.now) > skew)
    throw new Refusal("10009", "timestamp expired");
  if (loginSignature(account.secretKey, accessKey, timestamp, user) !== signature)
    throw new Refusal("10009", "AK/SK signature verification failed");
  return tokens(call, account);
}

function passwordLogin(call: PlatformCall): unknown {
  const [user, password, orgId] = [header(call, "user"), header(call, "password"), header(call, "orgId")];
  const account = call.world.accounts.find((one) => one.user === user);
  if (account === undefined || account.password !== password || account.orgId !== orgId)
    throw new Refusal("10009", "user name or password is wrong");
  return tokens(call, account);
}

/** The bearer of the token in the header; expired is 10008, as weak as "insufficient permission" (reference 2.8). */
export function bearerOf(call: PlatformCall): Bearer {
  const token = header(call, "token");
  const bearer = readToken(call.world, token);
  if (bearer === undefined) throw new Refusal("10008", "token is invalid");
  if (call.world.revoked.includes(token)) throw new Refusal("10008", "token is invalid");
  if (bearer.expiresAt <= call.now) throw new Refusal("10008", "token has expired");
  if (bearer.account.status === "Disable") throw new Refusal("10007", "用户已被冻结");
  return bearer;
}

function renew(call: PlatformCall): unknown {
  const bearer = readToken(call.world, header(call, "token"));
  if (bearer === undefined) throw new Refusal("10008", "token is invalid");
  if (bearer.expiresAt + DAY_MS < call.now)
    throw new Refusal("10008", "token expired for more than 24 hours, please log in again");
  const expiresAt = call.now + call.world.switches.tokenLifetimeMs;
  const token = issueToken(call.world, bearer.account, bearer.regionId, expiresAt, call.serial());
  const shapes = { text: token, object: { token }, list: [{ token }] };
  return shapes[call.world.switches.renewShape];
}

function center(call: PlatformCall): unknown {
  const { account, regionId } = bearerOf(call);
  const region = call.world.regions.find(({ id }) => id === regionId);
  if (region === undefined) throw INTERNAL;
  const base = `${call.url}/r/${region.id}`;
  return {
    id: Number(region.id),
    name: region.name,
    description: "",
    clusterUserInfo: { userName: account.computeUser, homePath: `/public/home/${account.computeUser}` },
    ingressUrls: [],
    efileUrls: [{ enable: "true", version: "2", url: `${base}/efile` }],
    eshellUrls: [],
    hpcUrls: [{ enable: "true", version: "2", url: `${base}/hpc` }],
    aiUrls: [
      { enable: "false", version: "1", url: `${base}/old/ai` },
      { enable: "true", version: "2", url: `${base}/ai` },
    ],
  };
}

function user(call: PlatformCall): unknown {
  const { account, regionId } = bearerOf(call);
  return {
    country: "CN",
    language: "zh_CN",
    timeZone: "Asia/Shanghai",
    userName: account.user,
    fullName: account.user,
    address: "",
    accountStatus: account.status,
    accountName: account.user,
    accountBalance: account.balance,
    computerCenter: regionId,
  };
}

type Route = readonly [operation: string, run: (call: PlatformCall) => unknown];

/** By method and path; none of them changes anything of the account's. */
export const platformRoutes: Readonly<Record<string, Route>> = {
  "POST /api/user/v3/tokens": ["login", login],
  "POST /ac/openapi/v2/tokens": ["passwordLogin", passwordLogin],
  "POST /ac/openapi/v2/tokens/next": ["renewToken", renew],
  "GET /ac/openapi/v2/tokens/state": [
    "tokenState",
    (call) => {
      bearerOf(call);
      return "token is valid";
    },
  ],
  "GET /ac/openapi/v2/center": ["center", center],
  "GET /ac/openapi/v2/user": ["user", user],
};
