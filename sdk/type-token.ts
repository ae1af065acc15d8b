import type { Kind } from "../provider/kinds";

/** Prefix of every type token of ours. */
const TYPE = "pulumi-nodejs:dynamic/dbc:";

export const typeOf = (kind: Kind): string => TYPE + kind.type;
