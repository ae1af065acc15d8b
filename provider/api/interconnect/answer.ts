/** The `data` of a successful answer in our own terms. Nothing here fails: the row is written, whatever came back. */
import { sanitise } from "../../core/sanitise";
import { hideTokens } from "./hide";
import type { ComputingResource, InterconnectAnswer } from "./types";

/** Longest text in `raw`, and longest address; a token alone may have thousands of characters. */
const MAX_RAW_TEXT = 16_384;
const MAX_URL = 8_192;
const MAX_KEY = 200;
/** Longest text of a result that is looked at; what is kept is shorter. */
const MAX_FIELD = 2_000;
/** Most results that are taken; all are in `raw`. */
const MAX_RESULTS = 1_000;

type Redact = (text: string) => string;
type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Everything that came, with nothing in it that the engine would take for its own or that is ours and secret. */
const cleaned = (value: unknown, redact: Redact): unknown => {
  if (typeof value === "string") return sanitise(redact(value), MAX_RAW_TEXT);
  if (Array.isArray(value)) return value.map((item) => cleaned(item, redact));
  if (!isMembers(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [sanitise(redact(key), MAX_KEY), cleaned(inner, redact)]),
  );
};

const toText = (value: unknown): string | undefined =>
  typeof value === "string"
    ? sanitise(hideTokens(value.slice(0, MAX_FIELD)))
    : typeof value === "number"
      ? String(value)
      : undefined;

/** A number, which some revisions write as text. */
const toNumber = (value: unknown): number | undefined => {
  const number = typeof value === "string" && /^-?\d{1,15}(\.\d{1,9})?$/.test(value) ? Number(value) : value;
  return typeof number === "number" ? number : undefined;
};

const toEither = (value: unknown): number | string | undefined =>
  typeof value === "number" ? value : toText(value);

const toFlag = (value: unknown): boolean | undefined => (typeof value === "boolean" ? value : undefined);

const toResource = (item: Members): ComputingResource => ({
  id: toEither(item.id),
  organization: toText(item.organization),
  region: toText(item.region),
  availabilityZone: toText(item.availability_zone),
  industry: toText(item.industry),
  resourceType: toText(item.resource_type),
  serviceType: toText(item.service_type),
  powerConsumption: toEither(item.power_consumption),
  cpuPerformance: toNumber(item.cpu_performance),
  cpuAvailable: toNumber(item.cpu_available),
  gpuModel: toText(item.gpu_model),
  gpuPerformance: toNumber(item.gpu_performance),
  gpuMemory: toNumber(item.gpu_memory),
  gpuAvailable: toNumber(item.gpu_available),
  networkDelay: toEither(item.network_delay),
  networkPerformance: toNumber(item.network_performance),
  networkIsixp: toFlag(item.network_isixp),
  networkIps: toText(item.network_ips),
  networkAvailable: toText(item.network_available),
  networkIpsAvailable: toText(item.network_ips_available),
  networkPorts: toText(item.network_ports),
  price: toNumber(item.price),
});

const toUrl = (value: unknown): string | undefined =>
  typeof value === "string" && value.length <= MAX_URL && /^https?:\/\//i.test(value) && URL.canParse(value)
    ? value
    : undefined;

/** What the platform answered; `redact` takes our own secrets out of it. */
export const toAnswer = (data: unknown, redact: Redact): InterconnectAnswer => {
  const raw = cleaned(data ?? {}, redact);
  const members = isMembers(raw) ? raw : {};
  const list: unknown = Array.isArray(raw) ? raw : members.results;
  return {
    taskId: toEither(members.task_id),
    results: (Array.isArray(list) ? list : []).filter(isMembers).slice(0, MAX_RESULTS).map(toResource),
    computingResourceUrl: toUrl(members.computing_resource_url),
    raw,
  };
};
