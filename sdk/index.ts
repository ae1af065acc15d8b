/** GPU machines rented on DeepBrainChain (DBC), as Pulumi resources. */
export * from "./functions";
export { Provider, type ProviderArgs } from "./provider";
export { Vm, type VmDisk } from "./vm";
export type { VmArgs } from "./vm-args";
