import { RemoteError } from "../../../core/errors";
import { shortNode } from "../requests";

/** How the older generation is spoken of. */
export const OLDER = "a node of the older generation of the API";

/** A call that the older generation does not know; it ends here. */
export const lacks =
  (verb: string) =>
  (node: string): never => {
    throw new RemoteError(
      "refused",
      `could not ${verb} ${shortNode(node)}: it is ${OLDER} (before 0.3.9.8), which has no such call`,
    );
  };

/** The reverse: a call that only the older generation knows. */
export const gone =
  (verb: string) =>
  (node: string): never => {
    throw new RemoteError(
      "refused",
      `could not ${verb} ${shortNode(node)}: only ${OLDER} has such a call, and this is one of the current generation`,
    );
  };
