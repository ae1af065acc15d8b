import { type Effects, TransportError } from "../../core/effects";
import { isRemote, type Outcome, RemoteError } from "../../core/errors";
import { createAuth, type FetchSession, fingerprintOf } from "./auth";
import { checkEndpoint } from "./endpoint";
import * as images from "./images";
import { Lanes } from "./lanes";
import { currentCalls, legacyCalls, type NodeCalls } from "./legacy/calls";
import type { ApiGeneration } from "./legacy/generation";
import { Generations } from "./legacy/generations";
import * as nodes from "./nodes";
import { type Exchange, type Judge, lifeSign, messageOf, misshapen } from "./outcome";
import { redactor } from "./redact";
import { type AuthorityFields, atNode, type Call, seal } from "./requests";
import type { CallOptions, Credentials, DbcClient, SessionPair } from "./types";

export interface DbcClientOptions {
  readonly endpoint: string;
  /** Whether the endpoint was not configured, and is the DBC client's default. */
  readonly endpointIsDefault: boolean;
  /** Lets plain http reach another machine. */
  readonly allowInsecureHttp?: boolean | undefined;
  readonly credentials: Credentials | undefined;
  /** `current` unless given; `auto` asks for each node's version, once. */
  readonly apiGeneration?: ApiGeneration | undefined;
  readonly effects: Pick<Effects, "clock" | "random" | "send">;
}

/** Longer than the client node's own 30 s, and needed: it may lose that timeout (SM 124). */
const DEADLINE_MS = 40_000;
/** Times that a read is sent when there was no connection, or it broke; and the first pause between. */
const READ_ATTEMPTS = 3;
const PAUSE_MS = 250;

const signsOf = (authority: AuthorityFields): string[] => {
  if ("multisig_accounts" in authority) return authority.multisig_accounts.signs.map(({ sign }) => sign);
  if ("sign" in authority) return [authority.sign];
  return "session_id" in authority ? [authority.session_id, authority.session_id_sign] : [];
};

const isBroken = (exchange: Exchange): boolean =>
  exchange instanceof TransportError && (exchange.fault === "no-connection" || exchange.fault === "broken");

/** The client of one DBC client node; throws if the endpoint can't be one. */
export const createDbcClient = (options: DbcClientOptions): DbcClient => {
  const { clock, random, send } = options.effects;
  const endpoint = checkEndpoint(options.endpoint, options.allowInsecureHttp);
  const lanes = new Lanes(clock);

  const exchange = async (
    call: Call<unknown>,
    body: string,
    attempt: number,
    signal: AbortSignal | undefined,
  ): Promise<Exchange> => {
    try {
      return await send({
        url: `${endpoint}/api/v1${call.path}`,
        headers: { accept: "application/json", "content-type": "application/json" },
        body,
        deadlineMs: DEADLINE_MS,
        freshConnection: call.write,
        attempt: attempt + 1,
        ...(signal && { signal }),
      });
    } catch (error) {
      return error instanceof TransportError ? error : new TransportError("it failed", true);
    }
  };

  /** Doubling pauses, each cut by up to a half at random so that many callers don't come back at once. */
  const pause = async (
    call: Call<unknown>,
    attempt: number,
    signal: AbortSignal | undefined,
  ): Promise<void> => {
    const [byte = 0] = random(1);
    try {
      await clock.sleep(PAUSE_MS * 2 ** attempt * (1 - byte / 512), signal);
    } catch {
      throw new RemoteError("unavailable", `could not ${call.what}: given up`);
    }
  };

  const perform = async <Result>(
    call: Call<Result>,
    { signal, rentOrder }: CallOptions,
    authorityOf: () => AuthorityFields,
  ): Promise<Result> => {
    for (let attempt = 0; ; attempt++) {
      const authority = authorityOf();
      const body = seal(call, authority, rentOrder);
      const came = await lanes.run(
        { ...call, signal },
        () => exchange(call, body, attempt, signal),
        lifeSign,
      );
      if (!call.write && isBroken(came) && attempt < READ_ATTEMPTS - 1) {
        await pause(call, attempt, signal);
        continue;
      }
      // made only where the remote system's words are shown: with many nodes there are many secrets
      let made: ((text: string) => string) | undefined;
      const redact = (text: string): string => {
        made ??= redactor([...auth.secrets(), ...signsOf(authority), ...(call.secrets ?? [])]);
        return made(text);
      };
      const judge: Judge = { endpoint, endpointIsDefault: options.endpointIsDefault, redact };
      const answer = call.answer.safeParse(messageOf(call, came, judge));
      if (answer.success) return answer.data;
      return misshapen(call, answer.error.issues[0]?.path ?? [], judge);
    }
  };

  const fetchSession: FetchSession = (nodeId, authorityOf, callOptions) =>
    perform(nodes.getSession(nodeId), callOptions, authorityOf);
  const auth = createAuth(options.credentials, random, fetchSession);

  /** A session that the node doesn't know was refused before any effect, so even a write may follow with a new one. */
  const performSigned = async <Result>(
    call: Call<Result>,
    nodeId: string,
    callOptions: CallOptions,
  ): Promise<Result> => {
    for (let isLast = false; ; isLast = true) {
      const session = await auth.session(nodeId, callOptions);
      const fields = { session_id: session.sessionId, session_id_sign: session.sessionSign };
      try {
        return await perform(call, callOptions, () => fields);
      } catch (error) {
        const isStale = isRemote(error, "unauthorised") && error.said.endsWith("session_id is invalid");
        if (!isStale || isLast || !auth.forget(nodeId, session)) throw error;
      }
    }
  };

  /** Lets nothing out but a {@link RemoteError}: the text of a mistake of ours may hold anything. */
  const guarded = async <Result>(atWorst: Outcome, work: () => Result | Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof RemoteError) throw error;
      const name = error instanceof Error ? error.name : "failure";
      throw new RemoteError(atWorst, `unexpected ${name} inside the DBC client`);
    }
  };

  const run = async <Result>(
    build: () => Call<Result> | Promise<Call<Result>>,
    callOptions: CallOptions = {},
  ): Promise<Result> => {
    const call = await guarded("not-sent", build);
    const { needsAuthority, nodeId, write } = call;
    return await guarded(write ? "unknown" : "unavailable", () =>
      needsAuthority && nodeId !== undefined
        ? performSigned(call, nodeId, callOptions)
        : perform(call, callOptions, () => ({})),
    );
  };

  const session = async (id: string, callOptions: CallOptions = {}): Promise<[string, SessionPair]> => {
    const { nodeId } = atNode("get a session of", id);
    return [nodeId, await guarded("unavailable", () => auth.session(nodeId, callOptions))];
  };

  const generations = new Generations(options.apiGeneration ?? "current", {
    listNodes: (o) => run(nodes.listNodes, o),
    getNode: (id, o) => run(() => nodes.getNode(id, undefined), o),
  });

  /** A call to a node, in the form that its generation knows. */
  const at = <Result>(
    id: string,
    callOptions: CallOptions | undefined,
    build: (to: NodeCalls) => Call<Result>,
  ): Promise<Result> =>
    run(
      async () =>
        build((await generations.of(id, callOptions ?? {})) === "legacy" ? legacyCalls : currentCalls),
      callOptions,
    );

  return {
    endpoint,
    generation: (id, o = {}) => guarded("unavailable", () => generations.of(id, o)),
    session: async (id, o) => (await session(id, o))[1],
    fingerprint: async (id, o) => fingerprintOf(...(await session(id, o))),
    version: (o) => run(nodes.version, o),
    listNodes: (o) => run(nodes.listNodes, o),
    getNode: async (id, o = {}) => {
      const node = await run(() => nodes.getNode(id, o.imageServer), o);
      if (node === undefined) throw nodes.notForVms(id);
      return node;
    },
    listRentOrders: (id, o) => at(id, o, (to) => to.listRentOrders(id)),
    listTasks: (id, o) => at(id, o, (to) => to.listTasks(id)),
    getTask: (id, task, o) => at(id, o, (to) => to.getTask(id, task)),
    createTask: (id, task, o) => at(id, o, (to) => to.createTask(id, task)),
    startTask: (id, task, o) => at(id, o, (to) => to.startTask(id, task)),
    shutdownTask: (id, task, o) => at(id, o, (to) => to.shutdownTask(id, task)),
    poweroffTask: (id, task, o) => at(id, o, (to) => to.poweroffTask(id, task)),
    restartTask: (id, task, o = {}) => at(id, o, (to) => to.restartTask(id, task, o.force ?? false)),
    resetTask: (id, task, o) => at(id, o, (to) => to.resetTask(id, task)),
    deleteTask: (id, task, o) => at(id, o, (to) => to.deleteTask(id, task)),
    modifyTask: (id, task, changes, o) => at(id, o, (to) => to.modifyTask(id, task, changes)),
    setPassword: (id, task, login, o) => at(id, o, (to) => to.setPassword(id, task, login)),
    getTaskLogs: (id, task, o = {}) => at(id, o, (to) => to.getTaskLogs(id, task, o)),
    listDisks: (id, task, o) => at(id, o, (to) => to.listDisks(id, task)),
    growDisk: (id, task, disk, growGib, o) => at(id, o, (to) => to.growDisk(id, task, disk, growGib)),
    addDisk: (id, task, disk, o) => at(id, o, (to) => to.addDisk(id, task, disk)),
    deleteDisk: (id, task, disk, o) => at(id, o, (to) => to.deleteDisk(id, task, disk)),
    listImageServers: (o) => run(images.listImageServers, o),
    listServerImages: (server, o) => run(() => images.listServerImages(server), o),
    listImages: (id, o = {}) => at(id, o, (to) => to.listImages(id, o)),
    downloadImage: (id, image, o) => at(id, o, (to) => to.downloadImage(id, image)),
    getDownload: (id, name, o) => at(id, o, (to) => to.getDownload(id, name)),
    stopDownload: (id, name, o) => at(id, o, (to) => to.stopDownload(id, name)),
    uploadImage: (id, image, o) => at(id, o, (to) => to.uploadImage(id, image)),
    getUpload: (id, path, o) => at(id, o, (to) => to.getUpload(id, path)),
    stopUpload: (id, path, o) => at(id, o, (to) => to.stopUpload(id, path)),
    uploadClientFile: (image, o) => run(() => images.uploadClientFile(image), o),
    deleteImage: (id, name, o) => at(id, o, (to) => to.deleteImage(id, name)),
    listSnapshots: (id, task, o) => at(id, o, (to) => to.listSnapshots(id, task)),
    createSnapshot: (id, task, snapshot, o) => at(id, o, (to) => to.createSnapshot(id, task, snapshot)),
    deleteSnapshot: (id, task, name, o) => at(id, o, (to) => to.deleteSnapshot(id, task, name)),
    listLegacySnapshots: (id, task, o) => at(id, o, (to) => to.listLegacySnapshots(id, task)),
    getLegacySnapshot: (id, task, name, o) => at(id, o, (to) => to.getLegacySnapshot(id, task, name)),
    createLegacySnapshot: (id, task, snapshot, o) =>
      at(id, o, (to) => to.createLegacySnapshot(id, task, snapshot)),
    listCentreImages: (id, o) => at(id, o, (to) => to.listCentreImages(id)),
    downloadCentreImage: (id, name, o) => at(id, o, (to) => to.downloadCentreImage(id, name)),
    uploadCentreImage: (id, name, o) => at(id, o, (to) => to.uploadCentreImage(id, name)),
    getLan: (id, name, o) => at(id, o, (to) => to.getLan(id, name)),
    listLans: (id, o) => at(id, o, (to) => to.listLans(id)),
    createLan: (id, lan, o) => at(id, o, (to) => to.createLan(id, lan)),
    deleteLan: (id, name, o) => at(id, o, (to) => to.deleteLan(id, name)),
    getMonitorServers: (id, o) => at(id, o, (to) => to.getMonitorServers(id)),
    setMonitorServers: (id, servers, o) => at(id, o, (to) => to.setMonitorServers(id, servers)),
  };
};
