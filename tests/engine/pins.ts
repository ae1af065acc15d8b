import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The engine's version: that of `@pulumi/pulumi` in package.json and of `cli/go.mod`. */
export const ENGINE_VERSION = "3.246.0";

/** The oldest `pulumi` that is used when it is on PATH: the lower end of our peer range. */
export const OLDEST_USABLE = "3.216.0";

/** What makes an engine for a Node.js project; they must be beside each other. */
export const PROGRAMS = ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"] as const;

/** The root of this repository, seen from the sources as well as from their compiled form. */
export const repositoryRoot = ((): string => {
  let folder = __dirname;
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
})();

/** The Go modules that pin what is built, and the package that is built in each. */
export const GO_BUILDS = [
  {
    program: "pulumi-language-nodejs",
    folder: join(repositoryRoot, "tests/engine/language-host"),
    package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
  },
  {
    program: "pulumi",
    folder: join(repositoryRoot, "tests/engine/cli"),
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  },
] as const;

/** Changes when any pin or the platform does, and so makes a cached engine stale. */
export const pinsDigest = (): string => {
  const hash = createHash("sha256").update(`${ENGINE_VERSION} ${process.platform} ${process.arch}`);
  for (const build of GO_BUILDS) hash.update(readFileSync(join(build.folder, "go.mod")));
  return hash.digest("hex");
};
