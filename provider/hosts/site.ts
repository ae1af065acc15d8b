import { createDbcClient } from "../api/dbc/client";
import { greet } from "../api/greet";
import { createSend } from "../api/http";
import { systemClock, systemRandom } from "../core/clock";
import { Site } from "../resources/site";
import { readSettings, type Sources } from "./settings";

/** The site that the settings describe, on this machine's own clock, randomness and network. */
export const openSite = (sources: Sources): Site => {
  const settings = readSettings(sources);
  const clock = systemClock(settings.clockSpeed);
  const client = createDbcClient({
    endpoint: settings.endpoint,
    endpointIsDefault: settings.endpointIsDefault,
    allowInsecureHttp: settings.allowInsecureHttp,
    credentials: settings.credentials,
    effects: {
      clock,
      random: systemRandom,
      send: createSend(settings.proxy === undefined ? {} : { proxy: settings.proxy }),
    },
  });
  return new Site(client, { clock, random: systemRandom, greet }, settings.rentOrder, settings.allowStop);
};
