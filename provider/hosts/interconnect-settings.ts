import type { InterconnectClientOptions } from "../api/interconnect/client";
import { UserError } from "../core/errors";
import { pathsOf } from "./container-settings";
import { type Sources, settingsOf } from "./settings";

/** The settings of the interconnection platform, which has no address that all would share. */
export const readInterconnectSettings = (sources: Sources): Omit<InterconnectClientOptions, "effects"> => {
  const { first } = settingsOf(sources);
  const endpoint = first("interconnectEndpoint");
  if (endpoint === undefined)
    throw new UserError(
      "DBC_INTERCONNECT_ENDPOINT (dbc:interconnectEndpoint) is missing: set it to the address of the interconnection platform.",
    );
  return {
    endpoint,
    token: first("interconnectToken"),
    paths: pathsOf(first, "interconnectPaths"),
    allowInsecureHttp: ["1", "true"].includes(first("allowInsecureHttp") ?? ""),
  };
};
