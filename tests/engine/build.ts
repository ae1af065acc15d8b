import { chmod, copyFile } from "node:fs/promises";
import { homedir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { run } from "./command";
import { ENGINE_VERSION, GO_BUILDS } from "./pins";
import { findProgram } from "./programs";

/** Go, if it is on PATH. */
export const findGo = (): string | undefined => findProgram("go");

/** Builds the engine from the Go module proxy into `folder`, with the versions that our Go modules pin. */
export const buildEngine = async (go: string, folder: string): Promise<void> => {
  const home = homedir() || userInfo().homedir; // Go keeps its caches there
  const env = { ...process.env, HOME: home, CGO_ENABLED: "0" };
  const stamp = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${ENGINE_VERSION}`;
  for (const build of GO_BUILDS) {
    const args = ["build", "-mod=readonly", "-trimpath", "-ldflags", `-s -w ${stamp}`];
    const output = join(folder, build.program);
    const result = await run(go, [...args, "-o", output, build.package], { cwd: build.folder, env });
    if (result.code !== 0)
      throw new Error(`Go could not build ${build.program}: ${lastWords(result.output)}`);
  }
  // The launcher of dynamic providers is a script that the SDK's npm package brings along.
  const launcher = "pulumi-resource-pulumi-nodejs";
  await copyFile(join(dirname(require.resolve("@pulumi/pulumi")), launcher), join(folder, launcher));
  await chmod(join(folder, launcher), 0o755);
};

const lastWords = (output: string): string => output.trim().split("\n").slice(-3).join(" ").slice(-500);
