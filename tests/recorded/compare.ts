import type { Exchange } from "./exchange";
import { leaves } from "./json-shape";
import type { RawAnswer } from "./raw-request";

/** The closed list of what may vary: what a node invents, and facts of its host. Everything else is exact. */
export const varying: readonly RegExp[] = [
  // invented by the node; ids are also followed from one exchange to the next
  /^message(\[\])?\.task_id$/,
  /^message(\[\])?\.create_time$/,
  /^message\.(login_password|vnc_password)$/,
  /^message\.session_id$/,
  /^message\.disks\[\]\.source_file$/,
  /^message\[\]\.file$/,
  /^message\.interface\[\]\.mac_address$/,
  /^message\.bare_metal_nodes\[\]\.(node_id|node_private_key)$/,
  /^message\.peer_nodes\[\]\.addr$/,
  // facts of the host
  /^message\.(os|cpu\.(type|hz|cores|used_usage|physical_cpus)|mem\.(size|free|used_usage))$/,
  /^message\.disk_data\[\]\.(size|free|used_usage)$/,
];

/** The log is the host's own: its lines, and how many there are. */
const log = /"log_content":\[.*\]/s;
/** Byte offsets of the JSON parser. */
const offset = /\(\d+\)"/;

/** The node shuffles its peers. */
function unshuffled(text: string): string {
  return text.replace(/("peer_nodes":\[\{)(.*)(\}\])/s, (_, head: string, items: string, tail: string) => {
    return head + items.split("},{").sort().join("},{") + tail;
  });
}

function masked(text: string): string {
  const plain = unshuffled(text).replace(log, '"log_content":[]').replace(offset, '(0)"');
  const found = leaves(plain);
  if (found === undefined) return plain;
  let result = "";
  let from = 0;
  for (const leaf of found) {
    if (!varying.some((pattern) => pattern.test(leaf.path))) continue;
    // A varying text may vary, but it stays a text.
    result += plain.slice(from, leaf.start) + (plain.charAt(leaf.start) === '"' ? '"…"' : "…");
    from = leaf.end;
  }
  return result + plain.slice(from);
}

/** What is different, or `undefined`. */
export function difference(recorded: Exchange, body: string, answer: RawAnswer): string | undefined {
  if (recorded.status === null) {
    if (answer.status !== null) return `answered ${answer.status} ${short(answer.body)} instead of nothing`;
    const wasClosed = /closed|refused|EOF|reset|broken pipe|disconnected|aborted/i.test(
      recorded.transport_error ?? "",
    );
    return wasClosed === answer.closed ? undefined : `connection ${answer.closed ? "closed" : "left open"}`;
  }
  if (answer.status !== recorded.status)
    return `status ${answer.status} ${short(answer.body)} instead of ${recorded.status} ${short(body)}`;
  if (/closed by peer/.test(recorded.transport_error ?? "") && !answer.closed) return "connection left open";
  const names = (headers: Exchange["headers"]) =>
    (headers ?? []).map(([name, value]) =>
      name === "Date" || name === "Content-Length" ? name : `${name}: ${value}`,
    );
  if (recorded.headers !== null && names(answer.headers).join("\n") !== names(recorded.headers).join("\n"))
    return `headers ${names(answer.headers)} instead of ${names(recorded.headers)}`;
  const wanted = masked(body);
  const got = masked(answer.body);
  return wanted === got ? undefined : `${short(got)} instead of ${short(wanted)}`;
}

function short(text: string): string {
  const line = JSON.stringify(text);
  return line.length > 700 ? `${line.slice(0, 700)}…` : line;
}
