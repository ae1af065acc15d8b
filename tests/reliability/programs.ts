/** Programs as the sdk registers them, with the keys and claims beside what a user writes. */
import type { Values } from "../../provider/core/check";
import type { Definition, Shape } from "../../provider/core/resource";
import { dataDisk } from "../../provider/resources/data-disk";
import { diskClaim } from "../../provider/resources/disk-claim";
import { lan } from "../../provider/resources/lan";
import { lanKey } from "../../provider/resources/lan-key";
import type { Site } from "../../provider/resources/site";
import { snapshot } from "../../provider/resources/snapshot";
import { snapshotKey } from "../../provider/resources/snapshot-key";
import { vm } from "../../provider/resources/vm";
import { vmKey } from "../../provider/resources/vm-key";
import type { Declared, Outputs, Program } from "./engine-run";
import { NODE } from "./world";

const TYPE = "pulumi-nodejs:dynamic/dbc:";

const declare = <S extends Shape>(
  definition: Definition<S, Site>,
  name: string,
  on: readonly string[],
  inputs: Declared["inputs"],
  parent = "",
): Declared => {
  const type = `${TYPE}${definition.kind}`;
  const whole = parent === "" ? type : `${TYPE}${parent}$${type}`;
  return {
    name: `${definition.kind}::${name}`,
    definition: definition as unknown as Definition<Shape, Site>,
    on,
    inputs: (of) => ({ ...inputs(of), __urn: `urn:pulumi:dev::test::${whole}::${name}` }),
  };
};

/** A resource by itself. */
export const plain = <S extends Shape>(
  definition: Definition<S, Site>,
  name: string,
  args: Values,
): Program => [declare(definition, name, [], () => args)];

/** A resource with its key beside it; what it takes from others is in `more`. */
export const keyed = <S extends Shape, K extends Shape>(
  definition: Definition<S, Site>,
  key: Definition<K, Site>,
  name: string,
  args: Values,
  field = "__key",
  more: { readonly on?: readonly string[]; readonly from?: Declared["inputs"] } = {},
): Program => {
  const made = declare(key, name, [], () => ({}));
  const { on = [], from = () => ({}) } = more;
  return [
    made,
    declare(definition, name, [made.name, ...on], (of) => ({
      ...args,
      ...from(of),
      [field]: of(made.name).id,
    })),
  ];
};

/** A VM; with `inLan` on the LAN of that name. */
export const vmOf = (name: string, args: Values, inLan?: string): Program =>
  keyed(
    vm,
    vmKey,
    name,
    args,
    "__key",
    inLan === undefined
      ? {}
      : { on: [`Lan::${inLan}`], from: (of) => ({ lan: of(`Lan::${inLan}`).state.name }) },
  );

export const lanOf = (name: string, args: Values): Program =>
  keyed(lan, lanKey, name, { nodeId: NODE, ...args });

/** What the sdk passes along of the VM that something stands on; `peers` are all that stand on it. */
const onVm = (vmName: string, args: Values, peers: readonly string[]) => {
  const { allowStop, powerState } = args;
  return (of: (name: string) => Outputs): Values => {
    const { id, state } = of(`Vm::${vmName}`);
    return {
      vmId: id,
      __vm: { allowStop, powerState, status: state.status },
      __peers: peers.map((peer) => `${TYPE}${peer}`).sort(),
    };
  };
};

/** Disks and snapshots by name, and their arguments. */
export interface Parts {
  readonly disks?: Readonly<Record<string, Values>>;
  readonly snapshots?: Readonly<Record<string, Values>>;
}

/** What stands on a VM, whose own arguments are `vmArgs`. */
export const partsOf = (vmName: string, vmArgs: Values, { disks = {}, snapshots = {} }: Parts): Program => {
  const owner = `Vm::${vmName}`;
  const peers = [
    ...Object.keys(disks).map((name) => `DataDisk::${name}`),
    ...Object.keys(snapshots).map((name) => `Snapshot::${name}`),
  ];
  const placed = onVm(vmName, vmArgs, peers);
  const withVm = (declared: Declared): Declared => ({ ...declared, deletedWith: owner });
  const ofDisks = Object.entries(disks).flatMap(([name, args]) => {
    const directory = args.directory === undefined ? {} : { directory: args.directory };
    const claim = declare(diskClaim, name, [owner], (of) => ({ ...directory, ...placed(of) }), "Vm");
    const disk = declare(
      dataDisk,
      name,
      [owner, claim.name],
      (of) => {
        const { id, state } = of(claim.name);
        return { ...args, ...placed(of), __claim: { key: id, files: state.files, peers: state.peers } };
      },
      "Vm",
    );
    return [withVm(claim), withVm(disk)];
  });
  const ofSnapshots = Object.entries(snapshots).flatMap(([name, args]) => {
    const key = declare(snapshotKey, name, [], () => ({}), "Vm");
    const made = declare(
      snapshot,
      name,
      [owner, key.name],
      (of) => ({ ...args, ...placed(of), __key: of(key.name).id }),
      "Vm",
    );
    return [key, withVm(made)];
  });
  return [...ofDisks, ...ofSnapshots];
};
