import { createContainerClient } from "../api/container/client";
import { createDbcClient } from "../api/dbc/client";
import { greet } from "../api/greet";
import { createSend } from "../api/http";
import { createInterconnectClient } from "../api/interconnect/client";
import type { InterconnectClient } from "../api/interconnect/types";
import { systemClock, systemRandom } from "../core/clock";
import { ContainerSite } from "../resources/container-site";
import { Site } from "../resources/site";
import { readContainerSettings } from "./container-settings";
import { readInterconnectSettings } from "./interconnect-settings";
import { readSettings, type Sources } from "./settings";

/** The site that the settings describe, on this machine's own clock, randomness and network. */
export const openSite = (sources: Sources): Site => {
  const settings = readSettings(sources);
  const clock = systemClock(settings.clockSpeed);
  const send = createSend(settings.proxy === undefined ? {} : { proxy: settings.proxy });
  const effects = { clock, random: systemRandom, send };
  const client = createDbcClient({
    endpoint: settings.endpoint,
    endpointIsDefault: settings.endpointIsDefault,
    allowInsecureHttp: settings.allowInsecureHttp,
    credentials: settings.credentials,
    apiGeneration: settings.apiGeneration,
    effects,
  });
  const container = (): ContainerSite =>
    new ContainerSite(
      createContainerClient({ ...readContainerSettings(sources), effects }),
      effects,
      sources.env.DBC_PREFLIGHT !== "0",
    );
  const interconnect = (): InterconnectClient =>
    createInterconnectClient({ ...readInterconnectSettings(sources), effects });
  return new Site(client, { clock, random: systemRandom, greet }, settings.rentOrder, settings.allowStop, {
    container,
    interconnect,
  });
};
