import { z } from "zod";
import { VirtualClock } from "../clock";
import { faultKinds } from "../fault";
import type { HttpReply } from "../http/message";
import { jsonReply } from "./reply";
import type { Service, ServiceRequest } from "./service";

/** What the control endpoint offers beside what every service has: name, and what it does with its JSON input. */
export type Commands = Readonly<Record<string, (input: unknown) => unknown>>;

const root = "/_control/";

export function isCommand(request: ServiceRequest): boolean {
  return request.path.startsWith(root);
}

const faultOrder = z.strictObject({
  kind: z.enum(faultKinds),
  operation: z.string().optional(),
  times: z.number().int().positive().nullable().optional(),
  after: z.number().int().nonnegative().optional(),
  seconds: z.number().nonnegative().optional(),
  message: z.string().optional(),
  code: z.number().int().optional(),
});

const common: Readonly<Record<string, (service: Service, input: unknown) => unknown>> = {
  requests: (service, input) => {
    const { writes, operation } = z
      .strictObject({ writes: z.boolean().optional(), operation: z.string().optional() })
      .parse(input);
    return {
      requests: service.log.entries.filter(
        (entry) =>
          (writes === undefined || entry.write === writes) &&
          (operation === undefined || entry.operation === operation),
      ),
    };
  },
  "clear-requests": (service) => service.log.clear(),
  faults: (service) => ({ armed: service.faults.armed }),
  arm: (service, input) => ({ id: service.faults.arm(faultOrder.parse(input)) }),
  disarm: (service) => service.faults.disarm(),
  time: (service) => ({ time: service.clock.today().toISOString(), clock: service.clock.kind }),
  advance: async (service, input) => {
    const { seconds } = z.strictObject({ seconds: z.number().nonnegative() }).parse(input);
    if (!(service.clock instanceof VirtualClock))
      throw new Error("time runs by itself here; only a virtual clock can be advanced");
    await service.clock.advance(seconds * 1_000);
  },
};

/** `/_control/<command>`, with a JSON object as the body, or none. */
export async function answerCommand(
  service: Service,
  commands: Commands,
  request: ServiceRequest,
): Promise<HttpReply> {
  const name = request.path.slice(root.length);
  const own = Object.hasOwn(commands, name) ? commands[name] : undefined;
  const shared = Object.hasOwn(common, name) ? common[name] : undefined;
  if (own === undefined && shared === undefined)
    return jsonReply(
      { commands: [...Object.keys(common), ...Object.keys(commands)] },
      name === "" ? 200 : 404,
    );
  try {
    const input = request.body ?? {};
    const result = own ? await own(input) : await shared?.(service, input);
    return jsonReply(result ?? { ok: true });
  } catch (error) {
    if (error instanceof z.ZodError) return jsonReply({ error: z.prettifyError(error) }, 400);
    return jsonReply({ error: error instanceof Error ? error.message : "failed" }, 409);
  }
}
