import { createDbcClient } from "../api/dbc/client";
import { greet } from "../api/greet";
import { createSend } from "../api/http";
import { systemClock, systemRandom } from "../core/clock";
import { Asking } from "../resources/asking";
import { Site } from "../resources/site";
import { debugged } from "./debug";
import { readSettings, type Sources } from "./settings";

/** The other systems are loaded when they are needed, as they are opened. */
const others = (): typeof import("./other-sites") => require("./other-sites");

/** The site that the settings describe, on this machine's own clock, randomness and network. */
export const openSite = (sources: Sources): Site => {
  const settings = readSettings(sources);
  const clock = systemClock(settings.clockSpeed);
  const wire = createSend(settings.proxy === undefined ? {} : { proxy: settings.proxy });
  const send = debugged(wire, sources);
  const effects = { clock, random: systemRandom, send };
  const client = createDbcClient({
    endpoint: settings.endpoint,
    endpointIsDefault: settings.endpointIsDefault,
    allowInsecureHttp: settings.allowInsecureHttp,
    credentials: settings.credentials,
    apiGeneration: settings.apiGeneration,
    effects,
  });
  return new Site(client, { clock, random: systemRandom, greet }, settings.rentOrder, settings.allowStop, {
    container: () => others().openContainer(sources, effects),
    interconnect: () => others().openInterconnect(sources, effects),
    asking: new Asking(systemClock(), sources.env.DBC_PREFLIGHT !== "0"),
  });
};
