/** The service's codes: which outcome each stands for, and what to tell the user (seed 004, part 5; reference 3). */
import type { Outcome } from "../../core/errors";

export interface CodeRule {
  readonly outcome: Outcome;
  readonly meaning: string;
  readonly remedy?: string;
}

const PERMISSION = "ask the owner of the account for the right to use containers in this region";

/** Also the source of docs/errors.md. */
export const RULES: Readonly<Record<string, CodeRule>> = {
  "10001": { outcome: "unknown", meaning: "internal error", remedy: "try again later" },
  "10003": {
    outcome: "refused",
    meaning: "parameters are missing",
    remedy: "the site may want other fields",
  },
  "10004": {
    outcome: "refused",
    meaning: "a parameter is not valid",
    remedy:
      "compare the image, the resource group and the sizes with what getContainerImages, getContainerResourceGroups and getContainerLimits tell",
  },
  "10007": {
    outcome: "unauthorised",
    meaning: "the user is frozen",
    remedy: "settle it with the platform: an account in arrears is frozen",
  },
  "10008": { outcome: "unauthorised", meaning: "insufficient permission", remedy: PERMISSION },
  "10009": { outcome: "unauthorised", meaning: "no permission for this interface", remedy: PERMISSION },
  "10010": { outcome: "refused", meaning: "the file check failed" },
  "10011": { outcome: "refused", meaning: "the file is too large" },
  "10012": {
    outcome: "unknown",
    meaning: "the connection inside the platform broke",
    remedy: "try again later",
  },
  "716020": { outcome: "unknown", meaning: "the platform's database failed", remedy: "try again later" },
  "716864": {
    outcome: "refused",
    meaning: "the script could not be run",
    remedy: "scripts run only in tasks that are Running",
  },
  "716865": {
    outcome: "refused",
    meaning: "the task could not be created",
    remedy:
      "look whether the resource group has such accelerators, and whether the image and the mounted directories are yours to use",
  },
  "716866": {
    outcome: "refused",
    meaning: "the task could not be deleted",
    remedy: "a task that still runs must be stopped first",
  },
  "716870": { outcome: "refused", meaning: "the number of instances is wrong" },
};

/** The rule of a code; `undefined` for one that nobody has described. */
export const ruleOf = (code: string): CodeRule | undefined =>
  Object.hasOwn(RULES, code) ? RULES[code] : undefined;

/** Codes by which the service refuses a token, be it expired or too weak (reference 2.8). */
export const DENIALS: ReadonlySet<string> = new Set(["10008", "1001"]);
