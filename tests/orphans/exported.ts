import type { Values } from "../../provider/core/check";

/** A resource as a state holds it. */
export const stored = (kind: string, id: string | undefined, inputs: Values, more: Values = {}): Values => ({
  urn: `urn:pulumi:dev::p::pulumi-nodejs:dynamic/dbc:${kind}::a`,
  type: `pulumi-nodejs:dynamic/dbc:${kind}`,
  custom: true,
  ...(id !== undefined && { id }),
  inputs: { __provider: "exports.handler=()=>…", ...inputs },
  ...more,
});

/** What `pulumi stack export` prints of a stack with these resources, and these creates under way. */
export const exported = (resources: readonly Values[], pending: readonly Values[] = []): string =>
  JSON.stringify({
    version: 3,
    deployment: {
      manifest: { version: "v3.246.0" },
      resources,
      pending_operations: pending.map((resource) => ({ type: "creating", resource })),
    },
  });
