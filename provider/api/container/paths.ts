import { RemoteError } from "../../core/errors";

type Method = "GET" | "POST" | "DELETE";

/** Every endpoint, by our name; each can be overridden by a setting, because sites differ (reference part D). */
const ENDPOINTS = {
  login: ["POST", "/api/user/v3/tokens"],
  passwordLogin: ["POST", "/ac/openapi/v2/tokens"],
  renewToken: ["POST", "/ac/openapi/v2/tokens/next"],
  tokenState: ["GET", "/ac/openapi/v2/tokens/state"],
  center: ["GET", "/ac/openapi/v2/center"],
  user: ["GET", "/ac/openapi/v2/user"],
  create: ["POST", "/ai/openapi/v2/instance-service/task"],
  list: ["GET", "/ai/openapi/v2/instance-service/task/list"],
  listWithBody: ["GET", "/ai/openapi/v2/instance-service/task"],
  detail: ["GET", "/ai/openapi/v2/instance-service/{id}/detail"],
  url: ["GET", "/ai/openapi/v2/instance-service/{id}/url"],
  restart: ["POST", "/ai/openapi/v2/instance-service/task/actions/restart"],
  stop: ["POST", "/ai/openapi/v2/instance-service/task/actions/stop"],
  delete: ["DELETE", "/ai/openapi/v2/instance-service/task"],
  executeScript: ["POST", "/ai/openapi/v2/instance-service/task/actions/execute-script"],
  resize: ["POST", "/ai/openapi/v2/instance-service/resource-spec/actions/update"],
  resourceGroups: ["GET", "/ai/openapi/v2/instance-service/resource-group"],
  limits: ["GET", "/ai/openapi/v2/instance-service/resources"],
  mountDirs: ["GET", "/ai/openapi/v2/instance-service/allowed-mount-dir"],
  images: ["POST", "/ai/openapi/v2/image/images"],
  imagesWithBody: ["GET", "/ai/openapi/v2/instance-service/images"],
} as const satisfies Readonly<Record<string, readonly [Method, string]>>;

export type EndpointName = keyof typeof ENDPOINTS;
export type PathOverrides = Readonly<Partial<Record<EndpointName, string>>>;

export const ENDPOINT_NAMES = Object.keys(ENDPOINTS) as readonly EndpointName[];

export interface Endpoint {
  readonly method: Method;
  readonly path: string;
}

/** An endpoint on this site. */
export const endpointOf = (name: EndpointName, overrides: PathOverrides): Endpoint => {
  const [method, path] = ENDPOINTS[name];
  return { method, path: overrides[name] ?? path };
};

/** Overrides, checked: known names, and paths that begin with a slash. */
export const checkPaths = (overrides: Readonly<Record<string, string>>): PathOverrides => {
  for (const [name, path] of Object.entries(overrides)) {
    if (!Object.hasOwn(ENDPOINTS, name))
      throw new RemoteError(
        "not-sent",
        `could not use containerPaths: there is no endpoint "${name}"; there are ${ENDPOINT_NAMES.join(", ")}`,
      );
    if (!/^\/[\x21\x22\x24-\x3e\x40-\x7e]*$/.test(path))
      throw new RemoteError(
        "not-sent",
        `could not use containerPaths: "${name}" must be a path that begins with /, without ? or #`,
      );
  }
  return overrides as PathOverrides;
};

/** Base and path in one: a base of the service list ends in `/ai`, and so do documented paths begin (reference 2.5). */
export const joinUrl = (base: string, path: string): string => {
  const trimmed = base.replace(/\/+$/, "");
  return path.startsWith("/ai/") ? trimmed.replace(/\/ai$/, "") + path : trimmed + path;
};
