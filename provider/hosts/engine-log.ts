import { createRequire } from "node:module";
import type * as grpc from "@grpc/grpc-js";
import type { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** The engine's address, when this process is a dynamic provider that an engine has started. */
export const engineAddress = (argv: readonly string[]): string | undefined => {
  if (!/dynamic-provider/.test(argv[1] ?? "")) return undefined;
  const plain = argv
    .slice(2)
    .filter((word, index, words) => !word.startsWith("-") && words[index - 1] !== "--tracing");
  return plain[0];
};

/** Lines on the rows of the running `pulumi`. */
export interface EngineLog {
  /** `ephemeral` lines change the row's own cell and leave no trace. */
  log(severity: "info" | "warning", urn: string, message: string, ephemeral: boolean): void;
  /** Resolves when the engine has taken every line so far, or after a second. */
  flush(): Promise<void>;
}

// The program and this package must use the SDK's own copy of gRPC, whose classes it checks.
const load = (address: string) => {
  const here = createRequire(__filename);
  const sdk = createRequire(here.resolve("@pulumi/pulumi/package.json"));
  const { credentials } = sdk("@grpc/grpc-js") as typeof grpc;
  const service = here("@pulumi/pulumi/proto/engine_grpc_pb") as {
    EngineClient: new (address: string, credentials: grpc.ChannelCredentials) => EngineClient;
  };
  const messages = here("@pulumi/pulumi/proto/engine_pb") as {
    LogRequest: new () => LogRequest;
    LogSeverity: typeof LogSeverity;
  };
  return { client: new service.EngineClient(address, credentials.createInsecure()), ...messages };
};

/** The log of the engine at `address`; silent when there is none. */
export const createEngineLog = (address: string | undefined): EngineLog => {
  let engine: ReturnType<typeof load> | undefined;
  let last: Promise<void> = Promise.resolve();
  return {
    log(severity, urn, message, ephemeral) {
      if (address === undefined) return;
      engine ??= load(address);
      const { client, LogRequest: Request, LogSeverity: levels } = engine;
      const request = new Request();
      request.setSeverity(severity === "info" ? levels.INFO : levels.WARNING);
      request.setUrn(urn);
      request.setMessage(message);
      request.setEphemeral(ephemeral);
      const previous = last;
      // a line that is lost harms nobody
      last = previous.then(() => new Promise<void>((resolve) => client.log(request, () => resolve())));
    },
    async flush() {
      let timer: NodeJS.Timeout | undefined;
      const aSecond = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, 1_000);
      });
      await Promise.race([last, aSecond]);
      clearTimeout(timer);
    },
  };
};
