/** The simulated platform as a client sees it that is not ours: plain HTTP. */
import { request } from "node:http";
import { loginSignature } from "../../provider/api/container/signature";
import { VirtualClock } from "../../simulator/clock";
import {
  type ContainerSimulator,
  type ContainerSimulatorOptions,
  startContainerSimulator,
} from "../../simulator/container/simulator";
import { ACCOUNT, IMAGE } from "./platform";

export interface Answer {
  readonly status: number;
  /** The parsed body; its text where it is no JSON. */
  readonly body: { readonly code?: unknown; readonly msg?: unknown; readonly data?: unknown };
  readonly text: string;
}

export interface Ask {
  readonly query?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The body of a create that the default world accepts. */
export const BODY = {
  instanceServiceName: "raw-1",
  taskType: "jupyter",
  acceleratorType: "gpu",
  version: "jupyter:4.4-py3.7-gpu",
  imagePath: IMAGE,
  resourceGroup: "TeslaM40",
  cpuNumber: 3,
  ramSize: 15_360,
  gpuNumber: 1,
  taskNumber: 1,
  timeoutLimit: "unlimited",
  useStartScript: false,
  startScriptActionScope: "all",
  containerPortInfoList: [{ containerPort: 18_888, protocolType: "HTTP" }],
};

/** Sends anything, a GET with a body too. */
const send = (method: string, url: string, { body, headers = {} }: Ask): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = body === undefined ? "" : JSON.stringify(body);
    const asked = request(
      url,
      { method, headers: { ...headers, ...(sent && { "content-length": Buffer.byteLength(sent) }) } },
      (answer) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (piece: string) => {
          text += piece;
        });
        answer.on("end", () => {
          const isJson = (answer.headers["content-type"] ?? "").includes("json");
          resolve({ status: answer.statusCode ?? 0, body: isJson ? JSON.parse(text) : {}, text });
        });
      },
    );
    asked.on("error", reject);
    asked.end(sent);
  });

export class RawPlatform {
  #token = "";

  private constructor(
    readonly clock: VirtualClock,
    readonly simulator: ContainerSimulator,
  ) {}

  static async start(options: ContainerSimulatorOptions = {}): Promise<RawPlatform> {
    const clock = new VirtualClock();
    return new RawPlatform(clock, await startContainerSimulator({ ...options, clock }));
  }

  close(): Promise<void> {
    return this.simulator.close();
  }

  ask(method: string, path: string, ask: Ask = {}): Promise<Answer> {
    return send(method, `${this.simulator.url}${path}${ask.query ? `?${ask.query}` : ""}`, ask);
  }

  /** Signs in; each of `change` takes the place of a header, and "" leaves it out. */
  login(change: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const timestamp = String(Math.floor(this.clock.time() / 1_000));
    const { accessKey, secretKey, user } = ACCOUNT;
    const signature = loginSignature(secretKey, accessKey, timestamp, user);
    const all = { user, accessKey, timestamp, signature, ...change };
    const headers = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
    return this.ask("POST", "/api/user/v3/tokens", { headers });
  }

  async token(regionId = "11112"): Promise<string> {
    const { body } = await this.login();
    const entries = body.data as { clusterId: string; token: string }[];
    return entries.find(({ clusterId }) => clusterId === regionId)?.token ?? "";
  }

  /** A call of the container service of region 11112, signed in. */
  async call(method: string, path: string, { headers, ...ask }: Ask = {}): Promise<Answer> {
    this.#token ||= await this.token();
    return this.ask(method, `/r/11112/ai/openapi/v2${path}`, {
      ...ask,
      headers: { token: this.#token, ...headers },
    });
  }

  /** Makes a task; its id. */
  async create(change: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const { body } = await this.call("POST", "/instance-service/task", { body: { ...BODY, ...change } });
    if (body.code !== "0") throw new Error(JSON.stringify(body));
    return String(body.data);
  }

  async detail(id: string): Promise<Readonly<Record<string, unknown>>> {
    const { body } = await this.call("GET", `/instance-service/${id}/detail`);
    return body.data as Readonly<Record<string, unknown>>;
  }
}
