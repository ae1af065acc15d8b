/** What the sdk's functions do, in the program's own process. Loaded at the first call. */
import type {
  Disk,
  ImageSummary,
  Lan,
  NodeInfo,
  NodeSummary,
  RentOrder,
  SessionPair,
  Snapshot,
  TaskDetail,
  TaskSummary,
} from "./api/dbc/types";
import { containerCalls } from "./container-functions";
import { sentence, UserError } from "./core/errors";
import type { Sources } from "./hosts/settings";
import { openSite } from "./hosts/site";
import type { Site } from "./resources/site";

export type { ComputingResource } from "./api/interconnect/types";
export type { ContainerImagesArgs, ContainerLimitsArgs, ContainerRegionArgs } from "./container-functions";

/** Which node, and under which rental order if it is rented by the GPU. */
export interface NodeArgs {
  /** Rented node to ask. */
  readonly nodeId: string;
  /** Per-GPU rental order; the setting `rentOrder` unless given. */
  readonly rentOrder?: string | undefined;
}

/** Which VM. */
export interface VmLookupArgs extends NodeArgs {
  /** The VM's id on its node. */
  readonly taskId: string;
}

export interface VmLogsArgs extends VmLookupArgs {
  /** Which end of the log; `tail` unless given. */
  readonly from?: "head" | "tail" | undefined;
  /** Number of lines, at most 100; 100 unless given. */
  readonly lines?: number | undefined;
}

export interface GetNodeArgs {
  readonly nodeId: string;
  /** Image server whose images are listed too. */
  readonly imageServer?: string | undefined;
}

export interface GetImagesArgs {
  /** Node whose images are listed; without it those of the image server. */
  readonly nodeId?: string | undefined;
  /** Image server; with a node, its images show there even when they stand on a backing file. */
  readonly imageServer?: string | undefined;
  /** With a node: also the system disks of one's own VMs that are off. */
  readonly own?: boolean | undefined;
  /** Per-GPU rental order, with `own`; the setting `rentOrder` unless given. */
  readonly rentOrder?: string | undefined;
}

const options = (site: Site, { rentOrder }: { readonly rentOrder?: string | undefined }) => ({
  rentOrder: rentOrder ?? site.rentOrder,
});

/** Snapshots of the older generation, with libvirt's state as status. */
const listOlderSnapshots = async (site: Site, { nodeId, taskId }: VmLookupArgs): Promise<Snapshot[]> => {
  const items = await site.client.listLegacySnapshots(nodeId, taskId);
  return items.map(({ name, description, state, createdAt }) => ({
    name,
    description,
    // only the details of one tell its files
    file: "",
    status: state,
    createdAt,
  }));
};

const calls = {
  getNodes: (site: Site): Promise<NodeSummary[]> => site.client.listNodes(),
  getNode: (site: Site, { nodeId, imageServer }: GetNodeArgs): Promise<NodeInfo> =>
    site.client.getNode(nodeId, { imageServer }),
  getSession: (site: Site, args: NodeArgs): Promise<SessionPair> =>
    site.client.session(args.nodeId, options(site, args)),
  getVms: (site: Site, args: NodeArgs): Promise<TaskSummary[]> =>
    site.client.listTasks(args.nodeId, options(site, args)),
  getVm: (site: Site, args: VmLookupArgs): Promise<TaskDetail> =>
    site.client.getTask(args.nodeId, args.taskId, options(site, args)),
  getVmLogs: (site: Site, { from, lines, ...args }: VmLogsArgs): Promise<string[]> =>
    site.client.getTaskLogs(args.nodeId, args.taskId, {
      ...options(site, args),
      ...(from && { from }),
      ...(lines !== undefined && { lines }),
    }),
  getImageServers: (site: Site): Promise<string[]> => site.client.listImageServers(),
  getImages: (site: Site, args: GetImagesArgs): Promise<ImageSummary[]> => {
    const { nodeId, imageServer, own = false } = args;
    if (nodeId !== undefined)
      return site.client.listImages(nodeId, { imageServer, own, ...options(site, args) });
    if (imageServer === undefined || own)
      throw new UserError("say whose images: nodeId for a node's, imageServer for an image server's.");
    return site.client.listServerImages(imageServer);
  },
  getDisks: (site: Site, args: VmLookupArgs): Promise<readonly Disk[]> =>
    site.disks({ ...args, ...options(site, args) }).fresh(),
  getLans: (site: Site, { nodeId }: { readonly nodeId: string }): Promise<Lan[]> =>
    site.client.listLans(nodeId),
  getSnapshots: async (site: Site, args: VmLookupArgs): Promise<Snapshot[]> =>
    (await site.client.generation(args.nodeId)) === "legacy"
      ? listOlderSnapshots(site, args)
      : site.client.listSnapshots(args.nodeId, args.taskId, options(site, args)),
  getRentOrders: (site: Site, { nodeId }: { readonly nodeId: string }): Promise<RentOrder[]> =>
    site.client.listRentOrders(nodeId),
  ...containerCalls,
} as const;

type Calls = typeof calls;
export type FunctionName = keyof Calls;
export type FunctionArgs<Name extends FunctionName> = Parameters<Calls[Name]>[1];
export type FunctionResult<Name extends FunctionName> = Awaited<ReturnType<Calls[Name]>>;

const sites = new Map<string, Site>();

/** Calls a function with the settings of a stack or of an explicit provider; equal settings share a client. */
export const call = async <Name extends FunctionName>(
  name: Name,
  args: FunctionArgs<Name>,
  sources: Sources,
  fingerprint: string,
): Promise<FunctionResult<Name>> => {
  const site = sites.get(fingerprint) ?? openSite(sources);
  sites.set(fingerprint, site);
  const run = calls[name] as (site: Site, args: FunctionArgs<Name>) => Promise<FunctionResult<Name>>;
  try {
    return await run(site, args);
  } catch (error) {
    throw new Error(`${name}: ${sentence(error)}`);
  }
};
