import type { RegionCall } from "./service-routes";
import * as routes from "./service-routes";

/** A container path: its name, whether it changes anything, and what it does. */
export interface Route {
  readonly operation: string;
  readonly write: boolean;
  readonly run: (call: RegionCall, id: string) => unknown;
}

const root = "/ai/openapi/v2/";

const table: readonly (readonly [method: string, path: string, route: Route])[] = (
  [
    ["POST", "instance-service/task", "create", true, routes.create],
    ["GET", "instance-service/task/list", "list", false, routes.list],
    ["GET", "instance-service/task", "listWithBody", false, routes.listWithBody],
    ["GET", "instance-service/{id}/detail", "detail", false, routes.detail],
    ["GET", "instance-service/{id}/url", "url", false, routes.url],
    ["POST", "instance-service/task/actions/restart", "restart", true, routes.restart],
    ["POST", "instance-service/task/actions/stop", "stop", true, routes.stop],
    ["DELETE", "instance-service/task", "delete", true, routes.remove],
    ["POST", "instance-service/task/actions/execute-script", "executeScript", true, routes.executeScript],
    ["POST", "instance-service/resource-spec/actions/update", "resize", true, routes.resize],
    ["GET", "instance-service/resource-group", "resourceGroups", false, routes.resourceGroups],
    ["GET", "instance-service/resources", "limits", false, routes.limits],
    ["GET", "instance-service/allowed-mount-dir", "mountDirs", false, routes.mountDirs],
    ["POST", "image/images", "images", false, routes.images],
    ["GET", "instance-service/images", "imagesWithBody", false, routes.imagesWithBody],
  ] as const
).map(([method, path, operation, write, run]) => [method, path, { operation, write, run }]);

/** The region in the path, if any, and the rest of it. */
const split = (path: string): { region: string | undefined; rest: string } => {
  const match = /^\/r\/([^/]+)(\/.*)$/.exec(path);
  return { region: match?.[1], rest: match?.[2] ?? path };
};

/** The route of a container path; `undefined` where there is none. */
export function findRoute(
  method: string,
  path: string,
):
  | { readonly route: Route | undefined; readonly id: string; readonly region: string | undefined }
  | undefined {
  const { region, rest } = split(path);
  if (!rest.startsWith(root)) return undefined;
  const tail = rest.slice(root.length);
  const id = /^instance-service\/([^/]+)\/(?:detail|url)$/.exec(tail)?.[1] ?? "";
  const wanted = id === "" ? tail : tail.replace(`/${id}/`, "/{id}/");
  const found = table.find(([verb, known]) => verb === method && known === wanted);
  return { route: found?.[2], id, region };
}
