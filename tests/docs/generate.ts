import type { Shape } from "../../provider/core/resource";
import { computingResourceQueryShape } from "../../provider/resources/computing-resource-query";
import { containerTaskShape } from "../../provider/resources/container-task";
import { dataDiskShape } from "../../provider/resources/data-disk";
import { imageShape } from "../../provider/resources/image";
import { imageUploadShape } from "../../provider/resources/image-upload";
import { lanShape } from "../../provider/resources/lan";
import { monitorServersShape } from "../../provider/resources/monitor-servers";
import { snapshotShape } from "../../provider/resources/snapshot";
import { taskPathShape } from "../../provider/resources/task-path";
import { taskTemplateSubmissionShape } from "../../provider/resources/task-template-submission";
import { vmShape } from "../../provider/resources/vm";
import { errorsText } from "./errors";
import { COSTS, type FieldDoc, fieldDocs } from "./fields";
import { pageText } from "./page";

/** The resources that users write, by basename. */
export const documented: Readonly<Record<string, { readonly type: string; readonly shape: Shape }>> = {
  vm: { type: "Vm", shape: vmShape },
  "data-disk": { type: "DataDisk", shape: dataDiskShape },
  image: { type: "Image", shape: imageShape },
  "image-upload": { type: "ImageUpload", shape: imageUploadShape },
  snapshot: { type: "Snapshot", shape: snapshotShape },
  lan: { type: "Lan", shape: lanShape },
  "monitor-servers": { type: "MonitorServers", shape: monitorServersShape },
  "container-task": { type: "ContainerTask", shape: containerTaskShape },
  "computing-resource-query": { type: "ComputingResourceQuery", shape: computingResourceQueryShape },
  "task-template-submission": { type: "TaskTemplateSubmission", shape: taskTemplateSubmissionShape },
  "task-path": { type: "TaskPath", shape: taskPathShape },
};

const comment = (lines: readonly string[]): string =>
  ["  /**", ...lines.map((line) => `   * ${line}`), "   */"].join("\n");

const property = ({
  name,
  type,
  required,
  default: fallback,
  description,
  cost,
  wire,
  source,
}: FieldDoc): string =>
  [
    comment([
      description,
      COSTS[cost],
      ...(fallback === undefined ? [] : [`@defaultValue ${fallback}`]),
      ...(source === undefined
        ? []
        : [
            `@see ${wire === undefined ? "" : `\`${wire}\` of `}${source.replaceAll("<task_id>", "{task_id}")}`,
          ]),
    ]),
    `  readonly ${name}${required ? "" : "?"}: pulumi.Input<${type}>${required ? "" : " | undefined"};`,
  ].join("\n");

const interfaceText = (type: string, shape: Shape): string =>
  [
    "// Generated from the resource's definition by `make docs`; do not edit.",
    'import type * as pulumi from "@pulumi/pulumi";',
    "",
    `/** Arguments of {@link ${type}}. */`,
    `export interface ${type}Args {`,
    fieldDocs(shape, (text) => `pulumi.Input<${text}>`)
      .map(property)
      .join("\n\n"),
    "}",
    "",
  ].join("\n");

/** Every generated file, by path from the package root. */
export const generated = (): Readonly<Record<string, string>> =>
  Object.fromEntries([
    ["docs/errors.md", errorsText()],
    ...Object.entries(documented).flatMap(([basename, { type, shape }]) => [
      [`sdk/${basename}-args.ts`, interfaceText(type, shape)],
      [`docs/${basename}.md`, pageText(basename, type, shape)],
    ]),
  ]);
