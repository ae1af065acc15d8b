import { readFileSync } from "node:fs";
import * as provider from "../../provider";
import { notesOf } from "../../provider/core/fields";
import type { Shape } from "../../provider/core/resource";
import { type Kind, kinds, providerText } from "../../provider/kinds";
import { computingResourceQuery } from "../../provider/resources/computing-resource-query";
import { containerTask } from "../../provider/resources/container-task";
import { containerTaskKey } from "../../provider/resources/container-task-key";
import { dataDisk } from "../../provider/resources/data-disk";
import { diskClaim } from "../../provider/resources/disk-claim";
import { image } from "../../provider/resources/image";
import { imageUpload } from "../../provider/resources/image-upload";
import {
  computingResourceQueryKey,
  taskPathKey,
  taskTemplateSubmissionKey,
} from "../../provider/resources/interconnect-key";
import { lan } from "../../provider/resources/lan";
import { lanKey } from "../../provider/resources/lan-key";
import { monitorServers } from "../../provider/resources/monitor-servers";
import { snapshot } from "../../provider/resources/snapshot";
import { snapshotKey } from "../../provider/resources/snapshot-key";
import { taskPath } from "../../provider/resources/task-path";
import { taskTemplateSubmission } from "../../provider/resources/task-template-submission";
import { type VmGiven, vm } from "../../provider/resources/vm";
import { vmKey } from "../../provider/resources/vm-key";
import type { VmArgs } from "../../sdk/vm-args";

const definitions: Readonly<Record<keyof typeof kinds, { readonly kind: string; readonly shape: Shape }>> = {
  vm,
  vmKey,
  diskClaim,
  dataDisk,
  lanKey,
  lan,
  monitorServers,
  image,
  imageUpload,
  snapshot,
  snapshotKey,
  containerTask,
  containerTaskKey,
  computingResourceQuery,
  computingResourceQueryKey,
  taskTemplateSubmission,
  taskTemplateSubmissionKey,
  taskPath,
  taskPathKey,
};

/** What the class of a kind declares as its outputs. */
const declared = (kind: Kind): string[] => {
  const basename = kind.type.replaceAll(/(?!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
  const inherited = /Query|Submission|Path/.test(kind.type) ? ["interconnect-request"] : [];
  return [basename, ...inherited].flatMap((file) =>
    [...readFileSync(`sdk/${file}.ts`, "utf8").matchAll(/declare readonly (\w+):/g)].map(
      ([, name = ""]) => name,
    ),
  );
};

const rows = Object.entries(kinds) as [keyof typeof kinds, Kind][];

test.each(rows)("%s: the sdk's table agrees with the definition", (name, kind) => {
  const { shape, kind: type } = definitions[name];
  expect(kind.type).toBe(type);
  const fields = Object.keys(shape);
  expect(kind.outputs.filter((output) => fields.includes(output))).toEqual([]);
  expect(kind.secrets.filter((secret) => !fields.includes(secret) && !kind.outputs.includes(secret))).toEqual(
    [],
  );
  const secretFields = fields.filter((field) => notesOf(shape[field] ?? vm.shape.nodeId).secret);
  expect(kind.secrets).toEqual(expect.arrayContaining(secretFields));
  expect(fields.filter((field) => shape[field] && notesOf(shape[field]).cost === "replace")).toEqual([
    ...kind.replacing,
  ]);
});

test.each(rows.filter(([, { type }]) => !/Key$/.test(type)))(
  "%s: every output that the class declares is there, also of one that is looked up",
  (name, kind) => {
    const shown = kind.shown ?? [];
    expect(declared(kind).sort()).toEqual([...kind.outputs, ...shown].sort());
    expect(Object.keys(definitions[name].shape)).toEqual(expect.arrayContaining([...shown]));
  },
);

test.each(rows)(
  "%s: the text in every state is short, names our package alone and finds its handler",
  (_name, kind) => {
    const text = providerText(kind);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(128);
    const exports: { handler?: () => unknown } = {};
    // as Pulumi's process runs it: a module without a file name, in the program's folder
    new Function("exports", "require", text)(exports, require);
    const inPackage = exports.handler?.();
    expect(inPackage).toHaveProperty("create");
    expect(provider).toHaveProperty(kind.handler);
  },
);

test("what a program may write and what the provider takes are the same type", () => {
  type Plain<T> = T extends { readonly apply: unknown } ? never : T extends Promise<unknown> ? never : T;
  type Given = { [Name in keyof VmArgs]: Plain<VmArgs[Name]> };
  const sameNames: [keyof Given, keyof VmGiven] extends [keyof VmGiven, keyof Given] ? true : false = true;
  const minimal = { nodeId: "a", image: "b", cpuCores: 1, memoryGib: 1, vncPort: 5_900 } satisfies Given &
    VmGiven;
  expect(sameNames).toBe(true);
  expect(Object.keys(minimal)).toHaveLength(5);
});
