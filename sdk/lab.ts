import * as pulumi from "@pulumi/pulumi";
import { DataDisk } from "./data-disk";
import { forEachNode, type NodeChoice } from "./for-each-node";
import { mistake } from "./gate";
import { Image } from "./image";
import { Lan } from "./lan";
import { Vm } from "./vm";
import type { VmArgs } from "./vm-args";

/** What all machines of a {@link Lab} have in common: arguments of a {@link Vm} without those that the lab decides. */
export type LabVmArgs = Omit<
  VmArgs,
  "nodeId" | "image" | "lan" | "sshPort" | "rdpPort" | "vncPort" | "publicIp" | "dataFile" | "adoptTaskId"
>;

/** One of the machines of a {@link Lab}. */
export interface LabMachine {
  /** Name of its `Vm` in the program, such as `course-58fb618a-0`. */
  readonly name: string;
  readonly nodeId: string;
  /** Its number on its node, from 0. */
  readonly number: number;
}

/** Arguments of {@link Lab}. */
export interface LabArgs {
  /** Rented nodes that the machines are on. With a LAN, all of one machine room. */
  readonly nodes: readonly NodeChoice[];
  /** Machines on each node; 1 unless given. */
  readonly vmsPerNode?: number | undefined;
  /** Image that every machine starts from: a file name, such as `ubuntu.qcow2`. */
  readonly image: pulumi.Input<string>;
  /** Image server that {@link image} is brought to each node from; unless given, it has to be there. */
  readonly imageServer?: pulumi.Input<string> | undefined;
  /** Sizes and life of the machines. */
  readonly vm: LabVmArgs;
  /** What one machine has otherwise. */
  readonly each?: ((machine: LabMachine) => Partial<VmArgs>) | undefined;
  /** Range of the private network's addresses, `10.77.0.0/24` unless given; `false`: no private network. */
  readonly lan?: pulumi.Input<string> | false | undefined;
  /** Sizes in GiB of the disks that each machine gets beside its first data disk; none unless given. */
  readonly disksGib?: readonly pulumi.Input<number>[] | undefined;
  /** Port of the node for SSH (RDP with Windows) of its first machine, 20022 unless given; the next follow. */
  readonly firstPort?: number | undefined;
  /** Port of the node for the console of its first machine, 5901 unless given; the next follow. */
  readonly firstVncPort?: number | undefined;
}

const DEFAULT_CIDR = "10.77.0.0/24";
const FIRST_PORT = 20_022;
const FIRST_VNC_PORT = 5_901;

/**
 * A lab as one component: machines on one node or several, a private network, disks beside their own, and the image
 * that they start from brought to each node.
 *
 * Machines are named by their node and number, so that none is replaced when nodes or machines are added. Options of
 * the component, such as `provider` and `protect`, go to everything in it.
 *
 * @example
 * ```ts
 * const course = new dbc.Lab("course", {
 *   nodes: [nodeA, nodeB],
 *   vmsPerNode: 4,
 *   image: "ubuntu.qcow2",
 *   vm: { cpuCores: 8, memoryGib: 32, gpuCount: 1, dataDiskGib: 100 },
 *   disksGib: [200],
 * });
 * export const logins = course.sshCommands;
 * ```
 */
export class Lab extends pulumi.ComponentResource {
  /** The machines, node by node. */
  readonly vms: readonly Vm[];
  /** The private network; undefined with `lan: false`. */
  readonly lan: Lan | undefined;
  /** The images that were brought, by node id; empty without `imageServer`. */
  readonly images: Readonly<Record<string, Image>>;
  /** The disks beside each machine's own, by the machine's name. */
  readonly disks: Readonly<Record<string, readonly DataDisk[]>>;
  /** The `ssh` command of each machine, by its name. */
  readonly sshCommands: pulumi.Output<Readonly<Record<string, string | undefined>>>;
  /** The password of each machine, by its name; secret. */
  readonly passwords: pulumi.Output<Readonly<Record<string, string | undefined>>>;

  /**
   * @param name Name in the program; machines, disks and the rest begin with it.
   * @param args What to make. Every mistake is reported at preview.
   * @param opts Pulumi's options for components.
   */
  constructor(name: string, args: LabArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("dbc:index:Lab", name, {}, opts);
    const { nodes, vmsPerNode = 1, lan = DEFAULT_CIDR } = args;
    const wrong = (reason: string): void => mistake(`Lab "${name}"`, reason);
    if (nodes.length === 0) wrong("nodes is empty: name at least one rented node.");
    if (!Number.isInteger(vmsPerNode) || vmsPerNode < 1)
      wrong(`vmsPerNode must be a whole number of at least 1, not ${vmsPerNode}.`);
    const first = nodes.map((node) => (typeof node === "string" ? node : node.nodeId))[0];
    this.lan =
      lan === false || first === undefined
        ? undefined
        : new Lan(name, { nodeId: first, cidr: lan }, { parent: this });
    const images: Record<string, Image> = {};
    const disks: Record<string, readonly DataDisk[]> = {};
    const vms: [string, Vm][] = [];
    forEachNode(nodes, (node) => {
      const { nodeId } = node;
      const image =
        args.imageServer === undefined
          ? undefined
          : new Image(
              node.name(name),
              { nodeId, name: args.image, imageServer: args.imageServer },
              { parent: this },
            );
      if (image) images[nodeId] = image;
      for (let number = 0; number < Math.floor(vmsPerNode); number++) {
        const machine = { name: `${node.name(name)}-${number}`, nodeId, number };
        const vm = new Vm(
          machine.name,
          { ...this.#place(args, machine, image), ...args.each?.(machine) },
          { parent: this },
        );
        vms.push([machine.name, vm]);
        disks[machine.name] = (args.disksGib ?? []).map(
          (sizeGib, index) => new DataDisk(`${machine.name}-disk-${index}`, { vmId: vm.id, sizeGib }),
        );
      }
    });
    this.images = images;
    this.disks = disks;
    this.vms = vms.map(([, vm]) => vm);
    this.sshCommands = pulumi.output(Object.fromEntries(vms.map(([key, vm]) => [key, vm.sshCommand])));
    this.passwords = pulumi.secret(
      pulumi.output(Object.fromEntries(vms.map(([key, vm]) => [key, vm.password]))),
    );
    this.registerOutputs({
      sshCommands: this.sshCommands,
      passwords: this.passwords,
      lan: this.lan?.name,
    });
  }

  /** Arguments of one machine, without what is its own. */
  #place(
    { vm, image: imageName, firstPort = FIRST_PORT, firstVncPort = FIRST_VNC_PORT }: LabArgs,
    { nodeId, number }: LabMachine,
    image: Image | undefined,
  ): VmArgs {
    const port = firstPort + number;
    return {
      ...vm,
      nodeId,
      // an image that is brought has to be there first
      image: image?.name ?? imageName,
      ...(this.lan && { lan: this.lan.name }),
      ...(vm.os === "windows" ? { rdpPort: port } : { sshPort: port }),
      vncPort: firstVncPort + number,
    };
  }
}
