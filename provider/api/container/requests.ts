/** What a call to the service is made of, and what may leave in it. */
import * as z from "zod";
import { RemoteError } from "../../core/errors";
import type { Attempt } from "./outcome";
import type { EndpointName } from "./paths";
import type { ContainerOrder, ContainerSize } from "./types";

export interface Call<Result> extends Attempt {
  readonly endpoint: EndpointName;
  /** Takes the place of `{id}` in the path. */
  readonly id?: string;
  readonly query?: readonly (readonly [string, string])[];
  /** Sent as JSON; the order of its keys is the order on the wire. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** What must not be shown if the service repeats it. */
  readonly secrets?: readonly string[];
  /** Checks the data of a successful answer and turns it into our own terms. */
  readonly answer: z.ZodType<Result>;
}

/** Whatever the answer is: its form is not known and nothing depends on it. */
export const anything = z.unknown().transform(() => undefined);

/** `value` if it fits; otherwise the call ends here, in one sentence that names the fields but no value. */
export const check = <Output>(what: string, schema: z.ZodType<Output>, value: unknown): Output => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const mistakes = result.error.issues.slice(0, 5).map(({ path, message }) => `${path.join(".")} ${message}`);
  throw new RemoteError("not-sent", `could not ${what}: ${mistakes.join(", ")}`);
};

const whole = (from: number, to: number) => {
  const error = `must be a whole number from ${from} to ${to}`;
  return z.int({ error }).min(from, { error }).max(to, { error });
};
const words = (most: number) =>
  z
    .string({ error: "must be text" })
    .min(1, { error: "must not be empty" })
    .max(most, { error: `must have at most ${most} characters` });
const oneOf = <const T extends readonly [string, ...string[]]>(of: T) =>
  z.enum(of, { error: `must be ${of.join(" or ")}` });

export const InstanceId = z
  .string({ error: "must be text" })
  .regex(/^[0-9A-Za-z_-]{1,64}$/, { error: "must be an instance's id" });

export const Size = z.object({
  cpuCores: whole(1, 65_535),
  acceleratorCount: whole(0, 1_024),
  ramMib: whole(1, 1_073_741_824),
}) satisfies z.ZodType<ContainerSize>;

export const scriptScope = oneOf(["all", "header"]);
export const acceleratorType = oneOf(["mlu", "dcu", "gpu", "cpu"]);

export const Order = Size.extend({
  name: words(64),
  taskType: oneOf(["ssh", "jupyter", "codeserver", "rstudio"]),
  acceleratorType,
  image: words(1_024),
  resourceGroup: words(200),
  containers: whole(1, 10_000),
  timeLimit: z
    .string({ error: "must be text" })
    .regex(/^(unlimited|\d{2,}:[0-5]\d:[0-5]\d)$/, { error: "must be unlimited or HH:MM:SS" }),
  startScript: words(262_144).optional(),
  startScriptScope: scriptScope,
  description: z.string({ error: "must be text" }).max(2_000).optional(),
  mounts: z
    .array(z.object({ source: words(4_096), target: words(4_096), type: oneOf(["data", "path"]) }))
    .max(100),
  ports: z.array(z.object({ port: whole(1, 65_535), protocol: oneOf(["ssh", "http"]) })).max(100),
}) satisfies z.ZodType<ContainerOrder>;

/** A script as the service wants it: every line, the last too, ends in a line feed (seed 004). */
export const toScriptLines = (script: string): string => {
  const lines = script.replace(/\r\n?/g, "\n");
  return lines === "" || lines.endsWith("\n") ? lines : `${lines}\n`;
};

/** The name of an image is the last part of its path. */
export const versionOf = (image: string): string => image.slice(image.lastIndexOf("/") + 1);
