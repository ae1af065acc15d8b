import type { HttpReply } from "../http/message";
import type { NodeRequest } from "../miner/request";
import type { Site } from "../miner/site";
import type { World } from "../world/world";
import type { RequestBody } from "./body";
import { badRequest, ClientRefusal, invalidRequest } from "./reply";
import { pathParts } from "./uri";

/** The program that listens: a client node, a compute node or a bare-metal manager; all serve the same routes. */
export interface Listener {
  readonly role: "client" | "compute" | "bare-metal";
  readonly id: string;
}

/** A request on its way through the routes of one group. */
export interface Call {
  readonly method: string;
  /** What follows the group's prefix. */
  readonly path: string;
  readonly body: Buffer;
  readonly listener: Listener;
  readonly world: World;
  readonly time: number;
  /** Ids that gossip has told the listener of, oldest news first. */
  readonly known: readonly string[];
  random(limit: number): number;
  /** The listener's own node, for what it does without asking another. */
  readonly own: Site | undefined;
}

/** Something to ask a node. */
export interface Forward {
  readonly target: string;
  readonly request: NodeRequest;
}

export type Outcome = HttpReply | Forward;

export function requirePost(call: Call): void {
  if (call.method !== "POST") throw badUri("only support POST request");
}

export function badUri(message: string): ClientRefusal {
  return new ClientRefusal(badRequest, invalidRequest, message);
}

export function partsOf(call: Call): string[] {
  return pathParts(call.path);
}

/** What is forwarded to the node that the request names. */
export function forward(
  operation: string,
  target: string,
  body: RequestBody,
  rest: Partial<Omit<NodeRequest, "operation" | "target" | "credentials">> = {},
): Forward {
  return {
    target,
    request: {
      operation,
      target,
      credentials: body.credentials,
      additional: body.additional,
      taskId: "",
      name: "",
      imageServer: "",
      force: false,
      fromHead: false,
      lines: 0,
      ...rest,
    },
  };
}
