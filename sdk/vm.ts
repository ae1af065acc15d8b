import type * as pulumi from "@pulumi/pulumi";
import { kinds } from "../provider/kinds";
import { declaredNodes, mistake } from "./gate";
import { keepersOf } from "./key";
import { rememberVm } from "./on-vm";
import { DbcResource } from "./resource";
import type { VmArgs } from "./vm-args";
import { VmKey } from "./vm-key";

/** A disk of a VM as its node lists it. */
export interface VmDisk {
  /** Device name: `vda` is the system disk, `vdb` the first data disk. */
  readonly name: string;
  /** File on the node. */
  readonly file: string;
  /** Size as the node prints it; `350G` for vda says nothing. */
  readonly size: string;
}

/**
 * A virtual machine on a rented node, with whole GPUs passed through.
 *
 * It is made once, whatever happens: a run that was interrupted is gone on with by the next `pulumi up`. A machine
 * that is deleted takes its disks with it. Replacement deletes before it creates, because the new VM needs the GPUs,
 * the ports and the key of the old.
 *
 * @example
 * ```ts
 * const box = new dbc.Vm("box", {
 *   nodeId,
 *   image: "ubuntu.qcow2",
 *   cpuCores: 8,
 *   memoryGib: 32,
 *   gpuCount: 1,
 *   dataDiskGib: 200,
 *   sshPort: 20022,
 *   vncPort: 5901,
 * });
 * export const login = box.sshCommand;
 * ```
 */
export class Vm extends DbcResource {
  /** Rented node that the VM runs on. */
  declare readonly nodeId: pulumi.Output<string>;
  /** The VM's id on its node. */
  declare readonly taskId: pulumi.Output<string>;
  /** Status as the node tells it, such as `running` or `closed`; `rental ended` when the rental is over. */
  declare readonly status: pulumi.Output<string>;
  /** How far the provider has got: `ready`, or what the next `pulumi up` goes on with. */
  declare readonly phase: pulumi.Output<string>;
  /** Address for SSH or RDP: the VM's own public address, else its node's. */
  declare readonly address: pulumi.Output<string | undefined>;
  /** Port for SSH or RDP at {@link address}. */
  declare readonly port: pulumi.Output<number | undefined>;
  /** User to sign in as. */
  declare readonly user: pulumi.Output<string | undefined>;
  /** Password of {@link user}; secret. Undefined when the node could not set one. */
  declare readonly password: pulumi.Output<string | undefined>;
  /** Password of the VNC console; secret. */
  declare readonly vncPassword: pulumi.Output<string | undefined>;
  /** The `ssh` command that reaches a Linux VM. */
  declare readonly sshCommand: pulumi.Output<string | undefined>;
  /** Disks, the VM's own and others. */
  declare readonly disks: pulumi.Output<readonly VmDisk[]>;
  /** Addresses in the LAN; empty until the guest's agent tells them. */
  declare readonly localAddresses: pulumi.Output<readonly string[]>;
  /** When the node made the VM, in the node's own time without a zone. */
  declare readonly createdAt: pulumi.Output<string | undefined>;

  /**
   * @param name Name in the program; it never reaches the node.
   * @param args What to make. Every mistake is reported at preview.
   * @param opts Pulumi's options. `deleteBeforeReplace` is always true; `customTimeouts` become `timeouts`.
   */
  constructor(name: string, args: VmArgs, opts: pulumi.CustomResourceOptions = {}) {
    if (opts.deleteBeforeReplace === false)
      mistake(
        `Vm "${name}"`,
        "deleteBeforeReplace can't be false, because the old VM holds the GPUs, ports and key that the new one needs.",
      );
    const key = opts.id === undefined ? new VmKey(name, opts, keepersOf(kinds.vm, args, opts)).id : undefined;
    const { customTimeouts } = opts;
    super(
      kinds.vm,
      name,
      {
        ...args,
        ...(customTimeouts && args.timeouts === undefined && { timeouts: customTimeouts }),
        ...(key && { __key: key, __nodes: declaredNodes() }),
      },
      { ...opts, deleteBeforeReplace: true },
    );
    if (opts.id === undefined) rememberVm(this, args);
  }

  /**
   * An existing VM that some other program, or nobody, manages; it is read and never changed.
   *
   * @param id `<nodeId>/<taskId>`
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts: pulumi.CustomResourceOptions = {}): Vm {
    // a resource that is looked up has no arguments, which the constructor's type can't say
    return new Vm(name, {} as VmArgs, { ...opts, id });
  }
}
