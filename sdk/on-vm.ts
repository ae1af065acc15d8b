import * as pulumi from "@pulumi/pulumi";
import type { Kind } from "../provider/kinds";
import { typeOf } from "./type-token";

/** What is known of a VM of this program. */
interface Known {
  readonly vm: pulumi.CustomResource;
  /** Names of what was declared on it. */
  readonly peers: Set<string>;
  /** What decides about its power and rental; asked for when something stands on it. */
  readonly facts: () => pulumi.Inputs;
}

/** The VMs of this process, by their `id` outputs: `box.id` is one and the same object whenever it is read. */
const known = new WeakMap<object, Known>();

/** To be called by `Vm`: what stands on it finds it by its `id`. */
export const rememberVm = (
  vm: pulumi.CustomResource & { readonly status: pulumi.Output<string> },
  { allowStop, powerState, rentOrder }: pulumi.Inputs,
): void => {
  const facts = () => ({ allowStop, powerState, rentOrder, status: vm.status });
  known.set(vm.id, { vm, peers: new Set(), facts });
};

/** What a resource on a VM is registered with. */
export interface OnVm {
  /** Inputs that are never compared: who else is declared on the VM, and the VM's power and rental. */
  readonly hidden: pulumi.Inputs;
  readonly opts: pulumi.CustomResourceOptions;
}

/**
 * Places a resource on a VM. With `vmId: box.id`, or `box` as its parent, the Vm becomes its parent unless another is
 * given, and it is deleted with the Vm; otherwise nothing is known of the VM but its id.
 */
export const onVm = (
  kind: Kind,
  name: string,
  vmId: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): OnVm => {
  const parent = pulumi.CustomResource.isInstance(opts.parent) ? known.get(opts.parent.id) : undefined;
  const found = (typeof vmId === "object" ? known.get(vmId) : undefined) ?? parent;
  if (opts.id !== undefined || found === undefined) return { hidden: {}, opts };
  const { vm, peers, facts } = found;
  peers.add(`${typeOf(kind)}::${name}`);
  return {
    hidden: {
      // the VM's step is over, and with it the turns of the program that declare what stands on it
      __peers: vm.urn.apply(() => [...peers].sort()),
      __vm: pulumi.output(facts()),
    },
    opts: { ...opts, parent: opts.parent ?? vm, deletedWith: opts.deletedWith ?? vm },
  };
};
