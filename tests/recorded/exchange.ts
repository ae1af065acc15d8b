import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** One line of a recording. */
export interface Exchange {
  readonly n: number;
  readonly label: string;
  readonly group: string;
  readonly node_port: number;
  readonly method: string;
  readonly path: string;
  readonly request_headers?: readonly (readonly [string, string])[] | null;
  readonly request_body: string | null;
  readonly status: number | null;
  readonly headers: readonly (readonly [string, string])[] | null;
  readonly body: string;
  readonly seconds: number | null;
  readonly transport_error: string | null;
  /** Time of the answer, `HH:MM:SS`. */
  readonly at?: string | null;
}

/** The folder with package.json above a place. */
function projectRoot(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (folder === dirname(folder)) throw new Error(`no package.json above ${start}`);
  }
}

export function ownRecording(): string {
  const file = join("tests", "recorded", "dbc-node-0.4.1.8.jsonl");
  return (
    [process.cwd(), projectRoot(__dirname)].map((root) => join(root, file)).find(existsSync) ??
    join(process.cwd(), file)
  );
}

/** What a line may leave out. */
const absent = {
  label: "",
  group: "",
  node_port: 5050,
  method: "POST",
  path: "",
  request_body: null,
  status: null,
  headers: null,
  seconds: null,
  transport_error: null,
};

function exchangeOf(line: string, number: number, file: string): Exchange {
  try {
    const found = JSON.parse(line) as Partial<Exchange>;
    return { ...absent, n: number, ...found, body: found.body ?? "" };
  } catch {
    throw new Error(`line ${number} of ${file} is not JSON`);
  }
}

export function loadExchanges(file: string): Exchange[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line.trim() !== "")
    .map(({ line, number }) => exchangeOf(line, number, file));
}

/** Exchanges by group, in the order of their recording. */
export function grouped(exchanges: readonly Exchange[]): Map<string, Exchange[]> {
  const groups = new Map<string, Exchange[]>();
  for (const exchange of exchanges) {
    const group = groups.get(exchange.group) ?? [];
    group.push(exchange);
    groups.set(exchange.group, group);
  }
  return groups;
}

/** Seconds of the day at which a request was sent, as far as the recording tells. */
export function sentAt(exchange: Exchange): number | undefined {
  const found = /^(\d+):(\d+):(\d+)$/.exec(exchange.at ?? "");
  if (found === null) return undefined;
  const [hours = 0, minutes = 0, seconds = 0] = found.slice(1).map(Number);
  return hours * 3600 + minutes * 60 + seconds - (exchange.seconds ?? 0);
}

/** Sets of exchanges that were under way at once because one of them took long; all others stand alone. */
export function batches(group: readonly Exchange[]): Exchange[][] {
  const result: Exchange[][] = [];
  for (const exchange of group) {
    const last = result.at(-1);
    if (last?.some((other) => overlap(other, exchange))) last.push(exchange);
    else result.push([exchange]);
  }
  return result;
}

const long = 10;
const tolerance = 1.5;

function overlap(a: Exchange, b: Exchange): boolean {
  const startA = sentAt(a);
  const startB = sentAt(b);
  if (startA === undefined || startB === undefined) return false;
  if (Math.max(a.seconds ?? 0, b.seconds ?? 0) < long) return false;
  const endA = startA + (a.seconds ?? 0);
  const endB = startB + (b.seconds ?? 0);
  return startA < endB - tolerance && startB < endA - tolerance;
}
