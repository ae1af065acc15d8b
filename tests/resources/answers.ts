/** Answers that leave open what was done. */
import type { FaultOrder } from "../../simulator";

type Named<Fault> = readonly (readonly [what: string, fault: Fault])[];

export const UNCLEAR_ANSWERS: Named<FaultOrder> = [
  ["an answer that is lost after the effect", { kind: "lost-answer" }],
  ["an answer that breaks off", { kind: "cut-answer" }],
  ["a time-out, with the effect later", { kind: "late-effect" }],
  ["a time-out without effect", { kind: "timeout" }],
  ["an HTML page in place of an answer", { kind: "html-body" }],
  ["an answer of the wrong shape", { kind: "wrong-shape" }],
];

/** How a delete may end. */
export const ENDS_OF_A_DELETE: Named<FaultOrder | undefined> = [
  ["a clear answer", undefined],
  ["a lost answer", { kind: "lost-answer" }],
  ["a late effect", { kind: "late-effect" }],
  ["a time-out without effect", { kind: "timeout" }],
];
