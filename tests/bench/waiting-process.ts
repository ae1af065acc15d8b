/** A provider process without its engine: the handlers that `__provider` picks, called as Pulumi's own process does. */
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import { nodeIdOf, vmInputs } from "./fleet-inputs";
import type { Weighed } from "./sizes";

/** What Pulumi's process has loaded before it knows of us. */
const here = createRequire(__filename);
here("@pulumi/pulumi");
const { vm } = here("../../provider/index.js") as typeof import("../../provider/index");

const [nodes = 0, vms = 0] = process.argv.slice(2).map(Number);

const mib = (): number => process.memoryUsage.rss() / 2 ** 20;

const inputsOf = (nodeId: string, index: number, number: number) => ({
  ...vmInputs(nodeId, index),
  __key: `pd1${number.toString(36).padStart(10, "0")}aaaaaaaaa`,
  __urn: `urn:pulumi:bench::bench::pulumi-nodejs:dynamic/dbc:Vm::vm-${number}`,
  __provider: "",
});

const main = async (): Promise<void> => {
  const given = Array.from({ length: nodes * vms }, (_, number) =>
    inputsOf(nodeIdOf(number % nodes), Math.floor(number / nodes), number),
  );
  const checked = [];
  for (const inputs of given) checked.push((await vm.check?.({}, inputs))?.inputs);
  // one VM has been asked for, so that everything is loaded and a connection is open
  const [first, ...others] = checked;
  vm.create(first).catch(() => undefined);
  await sleep(5_000);
  const idleMib = mib();
  for (const inputs of others) vm.create(inputs).catch(() => undefined);
  let waitingMib = 0;
  // accepting takes its time; afterwards a while of waiting, with every list as long as it gets
  for (let second = 0; second < 60; second++) {
    await sleep(1_000);
    waitingMib = Math.max(waitingMib, mib());
  }
  const weighed: Weighed = { idleMib, waitingMib, creates: given.length };
  process.send?.(weighed);
};

void main();
