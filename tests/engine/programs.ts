import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import { run } from "./command";
import { OLDEST_USABLE, PROGRAMS } from "./pins";

/** The first program called `name` in the folders of `path`, as the shell would find it. */
export const findProgram = (name: string, path = process.env.PATH ?? ""): string | undefined =>
  path
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, name))
    .find(isExecutable);

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
};

/** A `pulumi` on PATH that can run our programs: recent enough, with the Node.js programs beside it or on PATH. */
export const usablePulumi = async (
  path = process.env.PATH ?? "",
): Promise<{ readonly command: string; readonly version: string } | undefined> => {
  const command = findProgram("pulumi", path);
  if (!command) return undefined;
  const places = [path, dirname(command), dirname(realpathSync(command))].join(delimiter);
  if (PROGRAMS.some((program) => !findProgram(program, places))) return undefined;
  const version = await versionOf(command);
  return version && isUsable(version) ? { command, version } : undefined;
};

/** What `pulumi version` says, without its "v"; `undefined` when it doesn't run. */
export const versionOf = async (command: string): Promise<string | undefined> => {
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const { code, stdout } = await run(command, ["version"], { env, deadlineMs: 30_000 });
  return code === 0 ? /^v?(\d+\.\d+\.\d+\S*)$/m.exec(stdout)?.[1] : undefined;
};

/** Whether a version is of our major and not older than the lower end of our peer range. */
export const isUsable = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = OLDEST_USABLE.split(".").map(Number);
  return major === wantedMajor && minor >= wantedMinor;
};
