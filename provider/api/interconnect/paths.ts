import { RemoteError } from "../../core/errors";
import type { InterconnectCall } from "./types";

/** Where each call goes; the slash at the end is part of the path (seed 002). Each can be overridden by a setting. */
const PATHS: Readonly<Record<InterconnectCall, string>> = {
  computingResourceQuery: "/api/v1/query_computing_resources/",
  taskTemplateSubmission: "/api/v1/query_computing_resources_by_task_template/",
  taskPath: "/api/v1/task_path/",
};

export type InterconnectPaths = Readonly<Partial<Record<InterconnectCall, string>>>;

/** Overrides, checked: known names, and paths that begin with a slash. */
export const checkInterconnectPaths = (overrides: Readonly<Record<string, string>>): InterconnectPaths => {
  for (const [name, path] of Object.entries(overrides)) {
    if (!Object.hasOwn(PATHS, name))
      throw new RemoteError(
        "not-sent",
        `could not use interconnectPaths: there is no call "${name}"; there are ${Object.keys(PATHS).join(", ")}`,
      );
    if (!/^\/[\x21\x22\x24-\x3e\x40-\x7e]*$/.test(path))
      throw new RemoteError(
        "not-sent",
        `could not use interconnectPaths: "${name}" must be a path that begins with /, without ? or #`,
      );
  }
  return overrides;
};

/** The address of a call; `base` has no slash at its end and may hold the `/api/v1` that paths begin with. */
export const interconnectUrl = (
  base: string,
  call: InterconnectCall,
  overrides: InterconnectPaths,
): string => {
  const path = overrides[call] ?? PATHS[call];
  return (path.startsWith("/api/v1/") ? base.replace(/\/api\/v1$/, "") : base) + path;
};
