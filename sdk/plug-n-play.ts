import * as pulumi from "@pulumi/pulumi";

/**
 * Ends the program where Yarn's Plug'n'Play runs it: the process that looks after resources finds this package in
 * `node_modules` and nowhere else, so that what an `up` made could never be destroyed.
 */
export const refusePlugNPlay = (versions: Readonly<Record<string, string | undefined>>): void => {
  if (versions.pnp === undefined) return;
  throw new pulumi.RunError(
    "pulumi-dbc can't be used with Yarn's Plug'n'Play: set `nodeLinker: node-modules` in .yarnrc.yml and run `yarn install`.",
  );
};
