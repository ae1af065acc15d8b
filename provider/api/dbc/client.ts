import { type Effects, TransportError } from "../../core/effects";
import { isRemote, type Outcome, RemoteError } from "../../core/errors";
import { createAuth, type FetchSession, fingerprintOf } from "./auth";
import * as disks from "./disks";
import { checkEndpoint } from "./endpoint";
import * as images from "./images";
import { Lanes } from "./lanes";
import * as lans from "./lans";
import * as nodes from "./nodes";
import { type Exchange, type Judge, lifeSign, messageOf, misshapen } from "./outcome";
import { redactor } from "./redact";
import { type AuthorityFields, atNode, type Call, seal } from "./requests";
import * as snapshots from "./snapshots";
import * as tasks from "./tasks";
import type { CallOptions, Credentials, DbcClient, SessionPair } from "./types";

export interface DbcClientOptions {
  readonly endpoint: string;
  /** Whether the endpoint was not configured, and is the DBC client's default. */
  readonly endpointIsDefault: boolean;
  /** Lets plain http reach another machine. */
  readonly allowInsecureHttp?: boolean | undefined;
  readonly credentials: Credentials | undefined;
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
    signal: AbortSignal | undefined,
  ): Promise<Exchange> => {
    try {
      return await send({
        url: `${endpoint}/api/v1${call.path}`,
        headers: { accept: "application/json", "content-type": "application/json" },
        body,
        deadlineMs: DEADLINE_MS,
        freshConnection: call.write,
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
      const came = await lanes.run({ ...call, signal }, () => exchange(call, body, signal), lifeSign);
      if (!call.write && isBroken(came) && attempt < READ_ATTEMPTS - 1) {
        await pause(call, attempt, signal);
        continue;
      }
      const redact = redactor([...auth.secrets(), ...signsOf(authority), ...(call.secrets ?? [])]);
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

  const run = async <Result>(build: () => Call<Result>, callOptions: CallOptions = {}): Promise<Result> => {
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

  return {
    endpoint,
    session: async (id, o) => (await session(id, o))[1],
    fingerprint: async (id, o) => fingerprintOf(...(await session(id, o))),
    version: (o) => run(nodes.version, o),
    listNodes: (o) => run(nodes.listNodes, o),
    getNode: async (id, o = {}) => {
      const node = await run(() => nodes.getNode(id, o.imageServer), o);
      if (node === undefined) throw nodes.notForVms(id);
      return node;
    },
    listRentOrders: (id, o) => run(() => nodes.listRentOrders(id), o),
    listTasks: (id, o) => run(() => tasks.listTasks(id), o),
    getTask: (id, task, o) => run(() => tasks.getTask(id, task), o),
    createTask: (id, task, o) => run(() => tasks.createTask(id, task), o),
    startTask: (id, task, o) => run(() => tasks.startTask(id, task), o),
    shutdownTask: (id, task, o) => run(() => tasks.shutdownTask(id, task), o),
    poweroffTask: (id, task, o) => run(() => tasks.poweroffTask(id, task), o),
    restartTask: (id, task, o = {}) => run(() => tasks.restartTask(id, task, o.force ?? false), o),
    resetTask: (id, task, o) => run(() => tasks.resetTask(id, task), o),
    deleteTask: (id, task, o) => run(() => tasks.deleteTask(id, task), o),
    modifyTask: (id, task, changes, o) => run(() => tasks.modifyTask(id, task, changes), o),
    setPassword: (id, task, login, o) => run(() => tasks.setPassword(id, task, login), o),
    getTaskLogs: (id, task, o = {}) => run(() => tasks.getTaskLogs(id, task, o), o),
    listDisks: (id, task, o) => run(() => disks.listDisks(id, task), o),
    growDisk: (id, task, disk, growGib, o) => run(() => disks.growDisk(id, task, disk, growGib), o),
    listImageServers: (o) => run(images.listImageServers, o),
    listServerImages: (server, o) => run(() => images.listServerImages(server), o),
    listImages: (id, o = {}) => run(() => images.listImages(id, o), o),
    downloadImage: (id, image, o) => run(() => images.downloadImage(id, image), o),
    getDownload: (id, name, o) => run(() => images.getDownload(id, name), o),
    stopDownload: (id, name, o) => run(() => images.stopDownload(id, name), o),
    uploadImage: (id, image, o) => run(() => images.uploadImage(id, image), o),
    getUpload: (id, path, o) => run(() => images.getUpload(id, path), o),
    stopUpload: (id, path, o) => run(() => images.stopUpload(id, path), o),
    uploadClientFile: (image, o) => run(() => images.uploadClientFile(image), o),
    deleteImage: (id, name, o) => run(() => images.deleteImage(id, name), o),
    listSnapshots: (id, task, o) => run(() => snapshots.listSnapshots(id, task), o),
    createSnapshot: (id, task, snapshot, o) => run(() => snapshots.createSnapshot(id, task, snapshot), o),
    deleteSnapshot: (id, task, name, o) => run(() => snapshots.deleteSnapshot(id, task, name), o),
    getLan: (id, name, o) => run(() => lans.getLan(id, name), o),
  };
};
