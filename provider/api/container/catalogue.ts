/** The calls about what a region offers (reference 2.6, 3.10 to 3.13). */
import * as z from "zod";
import { PAGE_LIMIT, type Page, pageOf } from "./lists";
import { acceleratorType, type Call, check } from "./requests";
import type {
  AcceleratorType,
  ContainerImage,
  ContainerImageQuery,
  ContainerLimits,
  ContainerMountDir,
  ContainerResourceGroup,
  ContainerUser,
} from "./types";
import * as wire from "./wire";

const read = { write: false, withToken: true } as const;
const name = z.string().min(1).max(200);

const groupList = z.array(wire.GroupItem).max(1_000);

/** A list of groups, or lists by accelerator type. */
const groups = z.unknown().transform((data, context): ContainerResourceGroup[] => {
  const sets: (readonly [string | undefined, unknown])[] =
    typeof data === "object" && data !== null && !Array.isArray(data)
      ? Object.entries(data).filter(([, list]) => Array.isArray(list))
      : [[undefined, data ?? []]];
  return sets.flatMap(([type, list]) => {
    const parsed = groupList.safeParse(list);
    if (!parsed.success) {
      context.addIssue("is no list of groups");
      return [];
    }
    return parsed.data.map(({ value, type: own }) => ({ name: value, acceleratorType: type ?? own }));
  });
});

export const listResourceGroups = (): Call<ContainerResourceGroup[]> => ({
  ...read,
  what: "list the resource groups",
  endpoint: "resourceGroups",
  answer: groups,
});

export const getLimits = (type: AcceleratorType, resourceGroup: string): Call<ContainerLimits> => {
  const what = "get the limits of a resource group";
  const group = check(what, z.object({ acceleratorType, resourceGroup: name }), {
    acceleratorType: type,
    resourceGroup,
  });
  return {
    ...read,
    what,
    endpoint: "limits",
    query: [
      ["acceleratorType", group.acceleratorType],
      ["resourceGroup", group.resourceGroup],
    ],
    answer: wire.LimitsAnswer.transform((limits) => ({
      resourceGroup: limits.resourceGroup ?? resourceGroup,
      cpuCores: limits.cpuNumber ?? 0,
      acceleratorCount: limits.gpuNumber ?? 0,
      ramMib: limits.memorySize ?? 0,
      nodes: limits.nodeNumber ?? 0,
      maxTime: limits.maxTime ?? undefined,
    })),
  };
};

const imagePage = pageOf(
  wire.ImageItem.transform(
    ({ path, version, imageSize }): ContainerImage => ({
      path,
      version,
      sizeBytes: imageSize != null && /^\d{1,15}$/.test(String(imageSize)) ? Number(imageSize) : undefined,
    }),
  ),
);

const IMAGES = "list the images";

export const listImages = (query: ContainerImageQuery, start: number): Call<Page<ContainerImage>> => {
  const checked = check(
    IMAGES,
    z.object({
      access: z.enum(["public", "private"]).default("public"),
      name: name.optional(),
      type: name.optional(),
      acceleratorType: acceleratorType.optional(),
    }),
    query,
  );
  return {
    ...read,
    what: IMAGES,
    endpoint: "images",
    body: { ...checked, orderBy: "create_time", sort: "DESC", start, limit: PAGE_LIMIT },
    answer: imagePage,
  };
};

/** The older call, where the newer one is not served (reference 3.13). */
export const listImagesWithBody = (query: ContainerImageQuery): Call<Page<ContainerImage>> => ({
  ...read,
  what: IMAGES,
  endpoint: "imagesWithBody",
  body: {
    ...(query.acceleratorType !== undefined && {
      acceleratorType: check(IMAGES, acceleratorType, query.acceleratorType),
    }),
    ...(query.type !== undefined && { imageType: check(IMAGES, name, query.type) }),
  },
  answer: imagePage,
});

export const listMountDirs = (): Call<Page<ContainerMountDir>> => ({
  ...read,
  what: "list the directories that may be mounted",
  endpoint: "mountDirs",
  answer: pageOf(wire.MountDirItem.transform(({ value, type }) => ({ path: value, type }))),
});

export const getUser = (): Call<ContainerUser> => ({
  ...read,
  what: "get the account",
  endpoint: "user",
  answer: wire.UserAnswer.transform((user) => ({
    userName: user.userName,
    accountStatus: user.accountStatus ?? undefined,
    accountBalance: user.accountBalance ?? undefined,
    computerCenter: user.computerCenter ?? undefined,
  })),
});
