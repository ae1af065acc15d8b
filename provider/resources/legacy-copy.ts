import { spoken } from "../core/duration";
import { isRemote, sentence, UserError } from "../core/errors";
import { sendOnce, Unsettled } from "../core/once";
import type { Context } from "../core/resource";
import type { Site } from "./site";

/** Nothing tells how far a copy is, nor that it failed; an image of 60 GiB takes this long at 10 MiB/s. */
export const COPIED_WITHIN_MS = 7_200_000;
const LOOK_EVERY_MS = 10_000;

/** How the image centre of older nodes is spoken of, as the reason against an image server. */
export const ONE_CENTRE = "leave it out, it has one image centre for all nodes";

/** A file on its way between an older node and the image centre. */
export interface Copy {
  readonly doing: string;
  readonly what: string;
  readonly hint: string;
  readonly limitMs: number;
  arrived(): Promise<boolean>;
  begin(): Promise<void>;
}

/** A copy was begun, or may have been, and is not proven. */
export class Underway extends UserError {
  override readonly name = "Underway";
}

/** Orders a copy and waits for its proof: there is no progress to follow. */
export const carry = async (context: Context<Site>, copy: Copy): Promise<void> => {
  const { clock } = context;
  try {
    await sendOnce<true>({
      clock,
      // a second copy of the same file would write over the first
      repeatable: false,
      look: async () => ((await copy.arrived()) ? true : undefined),
      send: async () => {
        await copy.begin();
        return true;
      },
      isAlreadyThere: () => false,
      unsure: () => context.progress(`${copy.doing}: no clear answer, waiting for the file`),
    });
  } catch (error) {
    // whether it was begun shows only when it arrives
    if (!(error instanceof Unsettled)) throw error;
  }
  const begun = clock.now();
  for (;;) {
    context.progress(copy.doing);
    try {
      if (await copy.arrived()) return;
    } catch (error) {
      if (!isRemote(error, "unavailable", "not-sent")) throw new Underway(sentence(error));
    }
    if (clock.now() - begun >= copy.limitMs)
      throw new Underway(
        `${copy.doing} ${copy.what} did not end within ${spoken(copy.limitMs)}: ${copy.hint}; the next up orders it again.`,
      );
    await clock.sleep(LOOK_EVERY_MS);
  }
};
