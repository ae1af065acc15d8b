/** A client against the simulator over real HTTP, of which every request is kept as it left. */
import { createDbcClient } from "../../provider/api/dbc/client";
import type { Credentials, DbcClient } from "../../provider/api/dbc/types";
import { createSend } from "../../provider/api/http";
import type { HttpRequest } from "../../provider/core/effects";
import { alice, defaultWorld } from "../../simulator";
import { Lab } from "../resources/lab";
import { MORE } from "./contract-more-rows";
import { type Contract, KEY, NODE } from "./contract-row";
import { ABOUT_NODES, ABOUT_TASKS } from "./contract-rows";

export const CONTRACTS: readonly Contract[] = [...ABOUT_NODES, ...ABOUT_TASKS, ...MORE];

/** The rows by a name of their own. */
export const ROWS: readonly (readonly [string, Contract])[] = CONTRACTS.map((row, index) => {
  const before = CONTRACTS.slice(0, index).filter(({ method }) => method === row.method).length;
  return [before === 0 ? row.method : `${row.method} (${before + 1})`, row];
});

const VM = {
  taskId: KEY,
  image: "ubuntu.qcow2",
  gpuCount: 0,
  cpuCores: 4,
  memoryGib: 8,
  diskGib: 10,
  sshPort: 20_022,
  vncPort: 5_901,
};

export class ContractLab {
  readonly left: HttpRequest[] = [];
  #client: DbcClient | undefined;

  private constructor(
    readonly lab: Lab,
    /** The session that requests carry. */
    readonly session: { readonly sessionId: string; readonly sessionSign: string },
  ) {}

  /** A lab with one running VM, and a client that begins with a session. */
  static async open(): Promise<ContractLab> {
    const lan = { name: "office1", machineId: NODE, wallet: alice, cidr: "10.1.0.0/24" };
    const lab = await Lab.open({
      seed: { ...defaultWorld, client: { files: ["/data/data/own.qcow2"] }, lans: [lan] },
    });
    const { client } = lab.site;
    await lab.run(client.createTask(NODE, VM));
    await lab.simulator.advance(60_000);
    return new ContractLab(lab, await lab.run(client.session(NODE)));
  }

  /** Another process: no node rests, nothing is kept alive. */
  renew(): void {
    const credentials: Credentials = { kind: "session", sessions: { [NODE]: this.session } };
    const send = this.lab.clock.track(createSend({}));
    this.#client = createDbcClient({
      endpoint: this.lab.simulator.url,
      endpointIsDefault: false,
      credentials,
      effects: {
        clock: this.lab.clock,
        random: (bytes) => new Uint8Array(bytes),
        send: (request) => {
          this.left.push(request);
          return send(request);
        },
      },
    });
  }

  get client(): DbcClient {
    if (!this.#client) this.renew();
    if (!this.#client) throw new Error("there is no client");
    return this.#client;
  }

  /** Makes a call as somebody without types might. */
  call(method: string, args: readonly unknown[]): Promise<unknown> {
    const call = Reflect.get(this.client, method) as (...all: readonly unknown[]) => Promise<unknown>;
    return this.lab.run(Promise.resolve().then(() => call(...args)));
  }

  /** Brings the world to where a row begins. */
  async prepare(when: Contract["when"]): Promise<void> {
    const { simulator } = this.lab;
    if (when === "off" || when === "snapshot") {
      await this.call("poweroffTask", [NODE, KEY]);
      await simulator.advance(10_000);
    }
    const image = { imageServer: "lab", name: "pytorch.qcow2", directory: "/data" };
    if (when === "downloading") await this.call("downloadImage", [NODE, image]);
    if (when === "uploading")
      await this.call("uploadImage", [NODE, { imageServer: "lab", path: "/data/ubuntu.qcow2" }]);
    if (when === "snapshot")
      await this.call("createSnapshot", [
        NODE,
        KEY,
        { name: "before", imageServer: "lab", description: "b" },
      ]);
    this.left.length = 0;
  }
}
