import type * as pulumi from "@pulumi/pulumi";
import { kinds } from "../provider/kinds";
import type { ContainerTaskArgs } from "./container-task-args";
import { ContainerTaskKey } from "./container-task-key";
import { mistake } from "./gate";
import { keepersOf } from "./key";
import { DbcResource } from "./resource";

/** Where a port of a container task is reached. */
export interface ContainerPortUrl {
  readonly port: number;
  /** `ssh` or `http`. */
  readonly protocol: string;
  /** Undefined unless the task runs. */
  readonly url?: string | undefined;
}

/**
 * A container task on the container platform (SCNet, SothisAI): one or more equal containers with accelerators, made
 * from an image, in the queue of a resource group.
 *
 * It is made once, whatever happens: its name on the platform ends in characters of a key of its own, by which a run
 * after a crash finds it. A group that stays full past the deadline leaves it in the queue, and the next `pulumi up`
 * goes on waiting. A change of its size stops and restarts it; nearly everything else replaces it, and what is inside
 * the containers, not in mounted directories, is lost.
 *
 * Source: the container platform's `instance-service` OpenAPI 2.0.
 *
 * @example
 * ```ts
 * const notebook = new dbc.ContainerTask("notebook", {
 *   resourceGroup: "TeslaM40",
 *   taskType: "jupyter",
 *   image: "10.0.35.26:5000/gpu/admin/base/jupyter:4.4-py3.7-gpu",
 *   acceleratorType: "gpu",
 *   cpuCores: 4,
 *   ramMib: 16_384,
 *   timeLimit: "12:00:00",
 * });
 * export const url = notebook.accessUrl; // secret: it holds a token
 * ```
 */
export class ContainerTask extends DbcResource {
  /** The id of the instance on the platform. */
  declare readonly instanceId: pulumi.Output<string>;
  /** Its whole name on the platform. */
  declare readonly instanceName: pulumi.Output<string>;
  /** Status as the platform tells it: `Waiting`, `Deploying`, `Running`, `Completed`, `Terminated` or `Failed`. */
  declare readonly status: pulumi.Output<string>;
  /** How far the provider has got: `ready`, or what the next `pulumi up` goes on with. */
  declare readonly phase: pulumi.Output<string>;
  /** Address of the Jupyter, code-server or RStudio page, with its token; secret. Undefined unless it runs. */
  declare readonly accessUrl: pulumi.Output<string | undefined>;
  /** Where each of `ports` is reached; secret, because the addresses may hold tokens. */
  declare readonly portUrls: pulumi.Output<readonly ContainerPortUrl[]>;
  /** Cores of each container. */
  declare readonly cpuCores: pulumi.Output<number>;
  /** Accelerators of each container. */
  declare readonly acceleratorCount: pulumi.Output<number>;
  /** Memory of each container in MiB. */
  declare readonly ramMib: pulumi.Output<number>;
  /** When it was made, such as `2026-01-01T20:00:00+08:00`. */
  declare readonly createdAt: pulumi.Output<string | undefined>;
  /** When the last run began. */
  declare readonly startedAt: pulumi.Output<string | undefined>;
  /** When the last run ended. */
  declare readonly endedAt: pulumi.Output<string | undefined>;
  /** Time until its limit as of the last look, such as `0d 11h 58m`. */
  declare readonly remainingTime: pulumi.Output<string | undefined>;

  /**
   * @param name Name in the program; it never reaches the platform.
   * @param args What to make. Every mistake is reported at preview.
   * @param opts Pulumi's options. `deleteBeforeReplace` is always true; `customTimeouts` become `timeouts`.
   */
  constructor(name: string, args: ContainerTaskArgs, opts: pulumi.CustomResourceOptions = {}) {
    if (opts.deleteBeforeReplace === false)
      mistake(
        `ContainerTask "${name}"`,
        "deleteBeforeReplace can't be false, because the new task bears the old one's name.",
      );
    const key =
      opts.id === undefined
        ? new ContainerTaskKey(name, opts, keepersOf(kinds.containerTask, args, opts)).id
        : undefined;
    const { customTimeouts } = opts;
    super(
      kinds.containerTask,
      name,
      {
        ...args,
        ...(customTimeouts && args.timeouts === undefined && { timeouts: customTimeouts }),
        ...(key && { __key: key }),
      },
      { ...opts, deleteBeforeReplace: true },
    );
  }

  /**
   * An existing task that some other program, or nobody, manages; it is read and never changed.
   *
   * @param id `<region>/<name>`, or `<region>/<instance id>`
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts: pulumi.CustomResourceOptions = {},
  ): ContainerTask {
    // a resource that is looked up has no arguments, which the constructor's type can't say
    return new ContainerTask(name, {} as ContainerTaskArgs, { ...opts, id });
  }
}
