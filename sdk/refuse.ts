import * as pulumi from "@pulumi/pulumi";
import { kinds, providerText } from "../provider/kinds";
import { typeOf } from "./type-token";

/** Whether the program is one that `pulumi` runs in a process of its own. */
const isOwnProcess = (): boolean => /[\\/]cmd[\\/]run([\\/]|$)/.test(process.argv[1] ?? "");

/** What is never made: its check says what is wrong with the program. */
class Refused extends pulumi.CustomResource {
  constructor(mistakes: string) {
    super(typeOf(kinds.vmKey), "mistakes", {
      __provider: providerText(kinds.vmKey),
      __mistakes: mistakes,
    });
  }
}

/**
 * Has the engine refuse an inline program: it runs in somebody's own process, which does not end with it, and the SDK
 * never answers the engine while anything waits for what is not registered.
 */
export const refuseInline = (mistakes: string): void => {
  if (!isOwnProcess() && pulumi.runtime.getStackResource() !== undefined) new Refused(mistakes);
};
