import { type ContainerClientOptions, createContainerClient } from "../api/container/client";
import { createInterconnectClient } from "../api/interconnect/client";
import type { InterconnectClient } from "../api/interconnect/types";
import { ContainerSite } from "../resources/container-site";
import { readContainerSettings } from "./container-settings";
import { readInterconnectSettings } from "./interconnect-settings";
import type { Sources } from "./settings";

type Effects = ContainerClientOptions["effects"];

/** The account of the container platform that the settings describe. */
export const openContainer = (sources: Sources, effects: Effects): ContainerSite =>
  new ContainerSite(
    createContainerClient({ ...readContainerSettings(sources), effects }),
    effects,
    sources.env.DBC_PREFLIGHT !== "0",
  );

/** The client of the interconnection platform that the settings describe. */
export const openInterconnect = (sources: Sources, effects: Effects): InterconnectClient =>
  createInterconnectClient({ ...readInterconnectSettings(sources), effects });
