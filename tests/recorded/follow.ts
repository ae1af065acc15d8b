import type { Exchange } from "./exchange";
import type { Identities } from "./identities";

/** Ids that an answer tells: from here on the recorded one and ours mean the same thing. */
export function learnIds(exchange: Exchange, ours: string, who: Identities): void {
  const pairs = (pattern: RegExp) => {
    const recorded = [...exchange.body.matchAll(pattern)].map((match) => match[1] ?? "");
    const own = [...ours.matchAll(pattern)].map((match) => match[1] ?? "");
    for (const [index, text] of recorded.entries()) {
      const mine = own[index];
      if (mine !== undefined && !who.knows(text)) who.learn(text, mine);
    }
  };
  if (/\/tasks\/start$/.test(exchange.path)) pairs(/"task_id":"([^"]+)"/g);
  if (/session_id$/.test(exchange.path)) pairs(/"session_id":"([^"]+)"/g);
  if (/bare_metal\/add$/.test(exchange.path)) pairs(/"node_id":"([^"]+)"/g);
  if (/\/bare_metal$/.test(exchange.path)) pairs(/"node_id":"([^"]+)"/g);
}

/** The node that a request is for, in our terms. */
export function targetOf(exchange: Exchange, who: Identities): string | undefined {
  const found = /"peer_nodes_list": ?\["([^"]+)"/.exec(exchange.request_body ?? "")?.[1];
  return found === undefined ? undefined : who.translate(found);
}
