import { type Effects, TransportError } from "../../core/effects";
import { RemoteError } from "../../core/errors";
import { checkBaseUrl } from "../base-url";
import { redactor } from "../dbc/redact";
import { createAuth } from "./auth";
import * as catalogue from "./catalogue";
import { allPages } from "./lists";
import { Denied, dataOf, type Exchange, type Judge, misshapen, NoSuchPath } from "./outcome";
import { checkPaths, endpointOf, joinUrl } from "./paths";
import type { Session } from "./regions";
import type { Call } from "./requests";
import { center } from "./sign-in";
import * as tasks from "./tasks";
import { Turnstile } from "./turnstile";
import type { ContainerClient, ContainerCredentials, ContainerTaskSummary } from "./types";

export interface ContainerClientOptions {
  /** Where access keys sign in. */
  readonly loginEndpoint: string;
  /** The platform: renewal, the older sign-in, the regions' addresses. */
  readonly endpoint: string;
  /** The region's container service; asked for at the platform unless given. */
  readonly serviceUrl?: string | undefined;
  /** Region by id or name, for calls that name none. */
  readonly region?: string | undefined;
  /** Other paths than the documented ones, by endpoint. */
  readonly paths?: Readonly<Record<string, string>> | undefined;
  readonly allowInsecureHttp?: boolean | undefined;
  readonly credentials: ContainerCredentials | undefined;
  readonly effects: Pick<Effects, "clock" | "random" | "send">;
}

/** Where signed-in users of the public platform go. */
export const LOGIN_ENDPOINT = "https://api.scnet.cn";
export const PLATFORM_ENDPOINT = "https://www.scnet.cn";

const DEADLINE_MS = 30_000;
/** Times that a read is sent when there was no connection, or it broke; and the first pause between. */
const READ_ATTEMPTS = 3;
const PAUSE_MS = 500;

const isBroken = (exchange: Exchange): boolean =>
  exchange instanceof TransportError && (exchange.fault === "no-connection" || exchange.fault === "broken");

type Headers = Readonly<Record<string, string>>;

/** The client of one account of the container platform; throws if an address or a path can't be one. */
export const createContainerClient = (options: ContainerClientOptions): ContainerClient => {
  const { clock, random, send } = options.effects;
  const baseOf = (setting: string, address: string) =>
    checkBaseUrl(setting, address, options.allowInsecureHttp);
  const loginBase = baseOf("containerLoginEndpoint", options.loginEndpoint);
  const platformBase = baseOf("containerEndpoint", options.endpoint);
  const givenUrl = options.serviceUrl === undefined ? undefined : baseOf("containerUrl", options.serviceUrl);
  const paths = checkPaths(options.paths ?? {});
  const turnstile = new Turnstile(clock);
  const serviceUrls = new Map<string, string>();

  const exchange = async (
    call: Call<unknown>,
    base: string,
    headers: Headers,
    attempt: number,
  ): Promise<Exchange> => {
    const { method, path } = endpointOf(call.endpoint, paths);
    const query = new URLSearchParams(
      (call.query ?? []).map(([name, value]): [string, string] => [name, value]),
    ).toString();
    const url = joinUrl(base, path.replace("{id}", encodeURIComponent(call.id ?? "")));
    try {
      return await send({
        method,
        url: query === "" ? url : `${url}?${query}`,
        headers: {
          accept: "application/json",
          ...(call.body !== undefined && { "content-type": "application/json" }),
          ...headers,
        },
        body: call.body === undefined ? "" : JSON.stringify(call.body),
        deadlineMs: DEADLINE_MS,
        freshConnection: call.write,
        attempt: attempt + 1,
      });
    } catch (error) {
      return error instanceof TransportError ? error : new TransportError("it failed", true);
    }
  };

  const perform = async <Result>(call: Call<Result>, base: string, headers: Headers): Promise<Result> => {
    for (let attempt = 0; ; attempt++) {
      const came = await turnstile.run(() => exchange(call, base, headers, attempt));
      if (!call.write && isBroken(came) && attempt < READ_ATTEMPTS - 1) {
        await clock.sleep(PAUSE_MS * 2 ** attempt * (1 - (random(1)[0] ?? 0) / 512));
        continue;
      }
      const secrets = [...auth.secrets(), ...(call.secrets ?? []), headers.token ?? ""];
      const judge: Judge = { base, redact: redactor(secrets) };
      const answer = call.answer.safeParse(dataOf(call, came, judge));
      if (answer.success) return answer.data;
      throw misshapen(call, answer.error.issues[0]?.path ?? [], judge);
    }
  };

  const performPlain = async <Result>(call: Call<Result>, headers: Headers): Promise<Result> => {
    try {
      return await perform(call, call.endpoint === "login" ? loginBase : platformBase, headers);
    } catch (error) {
      throw error instanceof NoSuchPath ? error.refusal : error;
    }
  };
  const auth = createAuth(options.credentials, options.region, clock, performPlain);

  /** Where a region's containers are; the platform tells it once. */
  const serviceUrl = async (session: Session): Promise<string> => {
    const known = givenUrl ?? serviceUrls.get(session.region.id);
    if (known !== undefined) return known;
    const found = await perform(center(), platformBase, { token: session.token });
    const [url] = found.serviceUrls;
    if (url === undefined)
      throw new RemoteError(
        "refused",
        `could not find the container service of region ${session.region.name ?? session.region.id}: the platform lists none that is switched on; choose another region, or set containerUrl`,
      );
    const base = baseOf("the container service's address", url);
    serviceUrls.set(session.region.id, base);
    return base;
  };

  /** A token that is refused is looked into once: one that has expired was refused before any effect. */
  const run = async <Result>(call: Call<Result>, region: string | undefined): Promise<Result> => {
    let session = await auth.session(region);
    for (let renewed = false; ; renewed = true) {
      try {
        const base = call.endpoint === "user" ? platformBase : await serviceUrl(session);
        return await perform(call, base, { token: session.token });
      } catch (error) {
        if (!(error instanceof Denied)) throw error;
        if (renewed || !(await auth.hasExpired(session))) throw error.refusal;
        session = await auth.renew(session);
      }
    }
  };

  /** Lets nothing out but a {@link RemoteError}: the text of a mistake of ours may hold anything. */
  const guarded = async <Result>(write: boolean, work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof RemoteError) throw error;
      if (error instanceof NoSuchPath || error instanceof Denied) throw error.refusal;
      const name = error instanceof Error ? error.name : "failure";
      throw new RemoteError(
        write ? "unknown" : "unavailable",
        `unexpected ${name} inside the container client`,
      );
    }
  };
  const call = async <Result>(build: () => Call<Result>, region: string | undefined): Promise<Result> => {
    const built = build();
    return await guarded(built.write, () => run(built, region));
  };

  /** The style of list that this site serves, once it is known. */
  let listsWithBody = false;
  const listTasks = (region: string | undefined): Promise<ContainerTaskSummary[]> =>
    allPages(
      ({ instanceId }) => instanceId,
      async (start) => {
        if (!listsWithBody)
          try {
            return await run(tasks.listTasks(start), region);
          } catch (error) {
            if (!(error instanceof NoSuchPath)) throw error;
          }
        const page = await run(tasks.listTasksWithBody(start), region);
        listsWithBody = true;
        return page;
      },
    );

  return {
    region: async (region) => (await guarded(false, () => auth.session(region))).region,
    createTask: (order, region) => call(() => tasks.createTask(order), region),
    listTasks: (region) => guarded(false, () => listTasks(region)),
    getTask: (id, region) => call(() => tasks.getTask(id), region),
    getTaskUrl: (id, region) => call(() => tasks.getTaskUrl(id), region),
    restartTask: (id, region) => call(() => tasks.restartTask(id), region),
    stopTask: (id, region) => call(() => tasks.stopTask(id), region),
    deleteTask: (id, region) => call(() => tasks.deleteTask(id), region),
    resizeTask: (id, size, region) => call(() => tasks.resizeTask(id, size), region),
    executeScript: (id, script, scope, region) => call(() => tasks.executeScript(id, script, scope), region),
    listResourceGroups: (region) => call(catalogue.listResourceGroups, region),
    getLimits: (type, group, region) => call(() => catalogue.getLimits(type, group), region),
    listImages: (query, region) =>
      guarded(false, () =>
        allPages(
          ({ path }) => path,
          async (start) => {
            try {
              return await run(catalogue.listImages(query, start), region);
            } catch (error) {
              if (!(error instanceof NoSuchPath)) throw error;
              return { ...(await run(catalogue.listImagesWithBody(query), region)), total: 0 };
            }
          },
        ),
      ),
    listMountDirs: async (region) => [...(await call(catalogue.listMountDirs, region)).items],
    getUser: (region) => call(catalogue.getUser, region),
  };
};
