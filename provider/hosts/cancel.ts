import { createRequire } from "node:module";

const CANCEL = "/pulumirpc.ResourceProvider/Cancel";

/** The part of gRPC's server that looks up who answers a request. */
interface Lookup {
  _retrieveHandler?: (path: string) => unknown;
}

/**
 * Tells when the engine asks this process to come to an end, as it does on the first Ctrl-C. The SDK answers that
 * request itself and tells nobody, so it is seen where the SDK's server looks up its answer. A server that works
 * otherwise is left as it is, and nothing is told.
 */
export const watchCancel = (cancelled: () => void, server: Lookup = serverOfTheSdk()): void => {
  const { _retrieveHandler: original } = server;
  if (typeof original !== "function") return;
  server._retrieveHandler = function (this: unknown, path) {
    if (path === CANCEL) cancelled();
    return Reflect.apply(original, this, [path]);
  };
};

const serverOfTheSdk = (): Lookup => {
  const here = createRequire(__filename);
  const sdk = createRequire(here.resolve("@pulumi/pulumi/package.json"));
  const { Server } = sdk("@grpc/grpc-js") as { Server: { prototype: Lookup } };
  return Server.prototype;
};

/**
 * What a first Ctrl-C does, and what a second one would, while so many operations are under way. A terminal of 80
 * columns shows the first word on the stack's row at once, and all of it at the end.
 */
export const safeToWait = (inFlight: number): string =>
  `safe: ${inFlight === 1 ? "the operation" : `the ${inFlight} operations`} under way will be finished and recorded, and nothing new is begun; a second Ctrl-C ends at once, and the next \`pulumi up\` then goes on with what was begun and makes nothing twice.`;
