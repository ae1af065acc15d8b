import type { ArmedFault, FaultKind } from "../fault";
import type { HttpReply } from "../http/message";
import { jsonReply, pageReply } from "./reply";

/** The kinds of fault that a service knows. */
export const kinds: readonly FaultKind[] = [
  "lost-answer",
  "cut-answer",
  "late-effect",
  "timeout",
  "no-answer",
  "broken-json",
  "html-body",
  "wrong-shape",
  "huge-body",
  "redirect",
  "slow-answer",
  "http-error",
  "refusal",
];

/** An answer that is not as it should be; `run` carries the request out. */
export function disfigured(fault: ArmedFault, run: () => HttpReply): HttpReply {
  switch (fault.kind) {
    case "broken-json": {
      const reply = run();
      return { ...reply, body: reply.body.subarray(0, reply.body.length >> 1) };
    }
    case "html-body":
      run();
      return { ...pageReply(502), status: 200 };
    case "wrong-shape":
      run();
      return jsonReply({
        code: 0,
        msg: "success",
        message: "ok",
        data: { surprise: [1, [2, { deep: null }]] },
      });
    case "huge-body":
      run();
      return jsonReply({ code: 0, data: "x".repeat(16 * 1024 * 1024) });
    case "redirect":
      return { status: 302, headers: [["Location", "http://127.0.0.1:9/elsewhere"]], body: Buffer.alloc(0) };
    case "http-error":
      return pageReply(fault.code ?? 500);
    default:
      return jsonReply({
        code: String(fault.code ?? 10001),
        msg: fault.message ?? "refused by a fault",
        data: null,
      });
  }
}
