/**
 * What the container service answers, as it comes over the wire. Unknown fields are let through, those in use are
 * checked, and whatever the reference calls uncertain is optional. The simulator answers with these same schemas.
 */
import * as z from "zod";

const text = z.string().max(16_384);
const maybe = text.nullish();
/** Numbers, which some sites write as text. */
const count = z.union([z.int().min(0), z.string().regex(/^\d{1,15}$/)]).transform(Number);
const several = <Item extends z.ZodType>(item: Item) => z.array(item).max(1_000);
/** An instance's id; the service's own are 32 hex digits. */
export const instanceId = z.string().regex(/^[0-9A-Za-z_-]{1,64}$/);

export const LoginAnswer = several(
  z.object({
    clusterId: z.union([z.string().max(64), z.int()]).transform(String),
    clusterName: z.string().max(200).nullish(),
    /** `null` where the account is suspended. */
    token: z.string().min(1).max(8_192).nullable(),
  }),
);

/** The renewed token: text, an object or a list of one (reference 2.3). */
const token = z.string().min(1).max(8_192);
const tokenObject = z.object({ token }).transform((one) => one.token);
export const RenewAnswer = z.union([token, tokenObject, z.tuple([tokenObject]).transform(([one]) => one)]);

const ServiceUrl = z.object({ enable: z.union([z.string(), z.boolean()]).transform(String), url: text });
const Center = z.object({
  id: z.union([text, z.int()]).transform(String).nullish(),
  name: maybe,
  aiUrls: several(ServiceUrl).nullish(),
});
/** An object, which the field table calls a list (reference 2.5). */
export const CenterAnswer = z.union([Center, z.tuple([Center]).transform(([one]) => one)]);

export const UserAnswer = z.object({
  userName: text,
  accountStatus: maybe,
  accountBalance: z.union([text, z.number()]).transform(String).nullish(),
  computerCenter: maybe,
});

/** The id of a new task: text, or (as some tell, reference 3.1) an object. */
export const CreateAnswer = z.union([
  instanceId,
  z.object({ instanceServiceId: instanceId }).transform((one) => one.instanceServiceId),
]);

export const ListItem = z
  .object({
    instanceServiceId: instanceId.optional(),
    id: instanceId.optional(),
    instanceServiceName: maybe,
    status: maybe,
    taskType: maybe,
    createTime: maybe,
  })
  .refine(({ instanceServiceId, id }) => instanceServiceId !== undefined || id !== undefined);

export const DetailAnswer = z.object({
  id: instanceId,
  instanceServiceName: text,
  status: text,
  taskType: text,
  acceleratorType: text,
  version: maybe,
  imagePath: text,
  resourceGroup: text,
  cpuNumber: count,
  gpuNumber: count,
  ramSize: count,
  taskNumber: count,
  timeoutLimit: maybe,
  description: maybe,
  createTime: maybe,
  startTime: maybe,
  endTime: maybe,
  remainingTime: maybe,
  mountInfoList: several(z.object({ sourcePath: text, targetPath: maybe, type: maybe })).nullish(),
  containerPortInfoList: several(
    z.object({ accessUrl: maybe, containerPort: count, protocolType: text }),
  ).nullish(),
  useStartScript: z.boolean().nullish(),
  startScriptContent: maybe,
  startScriptActionScope: maybe,
});

export const LimitsAnswer = z.object({
  resourceGroup: maybe,
  cpuNumber: count.nullish(),
  gpuNumber: count.nullish(),
  memorySize: count.nullish(),
  nodeNumber: count.nullish(),
  maxTime: maybe,
});

export const ImageItem = z.object({
  path: text,
  version: text,
  imageSize: z.union([z.number(), z.string()]).nullish(),
});

const named = (...keys: readonly string[]) =>
  z.record(z.string(), z.unknown()).transform((one, context) => {
    const value = keys.map((key) => one[key]).find((found) => typeof found === "string");
    if (typeof value === "string")
      return { value, type: typeof one.type === "string" ? one.type : undefined };
    context.addIssue("has no name");
    return z.NEVER;
  });
const bare = text.transform((value) => ({ value, type: undefined }));

/** A group: text or an object (reference 3.10). */
export const GroupItem = z.union([bare, named("name", "resourceGroup", "queueName", "id")]);

/** Directories: text, or objects with `path` or `sourcePath` (reference 3.12). */
export const MountDirItem = z.union([bare, named("path", "sourcePath")]);
