import type { Timer } from "../clock";
import type { HttpReply } from "../http/message";
import { Platform, type PlatformOptions } from "../service/platform";
import { jsonReply, pageReply } from "../service/reply";
import type { ServiceRequest, Understood } from "../service/service";
import { containerCommands } from "./commands";
import { defaultContainerWorld } from "./default-world";
import { catchUp } from "./lifecycle";
import { bearerOf, type PlatformCall, platformRoutes } from "./platform-routes";
import { NotServed, Refusal } from "./refusal";
import { findRoute, type Route } from "./routes";
import type { ContainerWorld, Region, Task } from "./world";

export type ContainerSimulatorOptions = PlatformOptions<ContainerWorld>;

interface Extra {
  readonly serial: number;
}

const successes = ["success", "SUCCESS", "操作成功"];

/** A running simulator of the container platform: sign-in, regions, and their container services. */
export class ContainerSimulator extends Platform<ContainerWorld, Extra> {
  #serial: number;
  #alarm: Timer | undefined;

  constructor(options: ContainerSimulatorOptions) {
    super(options, defaultContainerWorld);
    this.#serial = this.earlier.serial ?? 0;
  }

  get tasks(): readonly Task[] {
    return this.world.tasks;
  }

  readonly commands = containerCommands(this);

  /** Does what is due, and wakes when there is more; to be called after every change of the world. */
  settle(): void {
    this.#alarm?.cancel();
    const next = catchUp(this.world, this.clock.time(), this.dice);
    this.#alarm =
      next === undefined
        ? undefined
        : this.clock.at(next, () => {
            this.settle();
            this.save();
          });
  }

  started(): void {
    this.settle();
  }

  protected extra(): Extra {
    return { serial: this.#serial };
  }

  override async close(): Promise<void> {
    this.#alarm?.cancel();
    await super.close();
  }

  understand(request: ServiceRequest): Understood {
    this.settle();
    const platform = platformRoutes[`${request.method} ${request.path}`];
    if (platform !== undefined) {
      const [operation, run] = platform;
      return {
        operation,
        write: false,
        region: "",
        id: "",
        run: () => this.#envelope(() => run(this.#call(request))),
      };
    }
    const found = findRoute(request.method, request.path);
    const { route, id = "", region = "" } = found ?? {};
    if (route === undefined)
      return {
        operation: "",
        write: false,
        region,
        id,
        run: () => pageReply(found === undefined || this.#lacksContainers(region) ? 404 : 405),
      };
    const named =
      id || (request.query.get("ids") ?? request.query.get("instanceServiceId") ?? idIn(request.body));
    return {
      operation: route.operation,
      write: route.write,
      region,
      id: named,
      run: () => this.#carryOut(route, id, region, request),
    };
  }

  #carryOut(route: Route, id: string, regionInPath: string, request: ServiceRequest): HttpReply {
    return this.#envelope(() => {
      const call = this.#call(request);
      if (this.#lacksContainers(regionInPath)) throw new NotServed();
      const bearer = bearerOf(call);
      const region = this.#region(bearer.regionId, regionInPath);
      if (region.suspended.includes(bearer.account.user)) throw new Refusal("10007", "用户已被冻结");
      const result = route.run(
        { world: this.world, request, region, bearer, now: this.clock.time(), dice: this.dice },
        id,
      );
      this.settle();
      return result;
    });
  }

  #lacksContainers(regionInPath: string): boolean {
    return this.world.regions.some(({ id, containers }) => id === regionInPath && !containers);
  }

  #region(ofToken: string, inPath: string): Region {
    const region = this.world.regions.find(({ id }) => id === ofToken);
    if (region === undefined || (inPath !== "" && inPath !== ofToken)) throw new Refusal("10008", "权限不足");
    if (!region.containers) throw new NotServed();
    return region;
  }

  #call({ headers }: ServiceRequest): PlatformCall {
    return {
      world: this.world,
      headers,
      now: this.clock.time(),
      url: this.url,
      serial: () => ++this.#serial,
    };
  }

  /** Business errors are HTTP 200 with a code unless a switch says otherwise; the words of success vary. */
  #envelope(run: () => unknown): HttpReply {
    const { numericCodes, errorStatus } = this.world.switches;
    const code = (text: string) => (numericCodes ? Number(text) : text);
    try {
      const data = run();
      return jsonReply({ code: code("0"), msg: successes[this.dice.below(successes.length)], data });
    } catch (error) {
      if (error instanceof NotServed) return pageReply(404);
      if (error instanceof Refusal)
        return jsonReply({ code: code(error.code), msg: error.message, data: null }, errorStatus);
      throw error;
    }
  }
}

const idIn = (body: unknown): string =>
  typeof body === "object" && body !== null && "id" in body && typeof body.id === "string" ? body.id : "";

/** Starts a simulator of the container platform on 127.0.0.1. */
export const startContainerSimulator = async (
  options: ContainerSimulatorOptions = {},
): Promise<ContainerSimulator> => {
  const simulator = new ContainerSimulator(options);
  await simulator.service.listen(options.port ?? 0);
  return simulator;
};
