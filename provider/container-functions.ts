/** What the sdk's functions about the container platform do. */
import type {
  AcceleratorType,
  ContainerImage,
  ContainerImageQuery,
  ContainerLimits,
  ContainerMountDir,
  ContainerResourceGroup,
  ContainerTaskSummary,
  ContainerUser,
} from "./api/container/types";
import type { Site } from "./resources/site";

/** Which region of the container platform. */
export interface ContainerRegionArgs {
  /** Id or name; the setting `containerRegion`, else the account's only one, unless given. */
  readonly region?: string | undefined;
}

export interface ContainerLimitsArgs extends ContainerRegionArgs {
  readonly acceleratorType: AcceleratorType;
  /** Name of the group, as `getContainerResourceGroups` tells it. */
  readonly resourceGroup: string;
}

export interface ContainerImagesArgs extends ContainerRegionArgs, ContainerImageQuery {}

export const containerCalls = {
  getContainerResourceGroups: (
    site: Site,
    { region }: ContainerRegionArgs,
  ): Promise<ContainerResourceGroup[]> => site.container.client.listResourceGroups(region),
  getContainerLimits: (
    site: Site,
    { acceleratorType, resourceGroup, region }: ContainerLimitsArgs,
  ): Promise<ContainerLimits> => site.container.client.getLimits(acceleratorType, resourceGroup, region),
  getContainerImages: (site: Site, { region, ...query }: ContainerImagesArgs): Promise<ContainerImage[]> =>
    site.container.client.listImages(query, region),
  getContainerMountDirs: (site: Site, { region }: ContainerRegionArgs): Promise<ContainerMountDir[]> =>
    site.container.client.listMountDirs(region),
  getContainerTasks: (site: Site, { region }: ContainerRegionArgs): Promise<ContainerTaskSummary[]> =>
    site.container.client.listTasks(region),
  getContainerUser: (site: Site, { region }: ContainerRegionArgs): Promise<ContainerUser> =>
    site.container.client.getUser(region),
} as const;
