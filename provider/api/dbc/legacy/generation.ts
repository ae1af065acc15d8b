/** The two generations of the node's API, and how they are told apart. */

/** `legacy`: nodes before 0.3.9.8 (May 2022), which know neither `/disk` nor a description or an id of the caller's. */
export type Generation = "current" | "legacy";

/** Which generation is spoken: one for all nodes, or each node's own by its version. */
export type ApiGeneration = Generation | "auto";

/** The version from which client nodes themselves write `linux` for `ubuntu` (REST 1223). */
const FIRST_CURRENT = [0, 3, 9, 8];
/** From here on a node's info lists every image in its /data; before, only {@link ALWAYS_LISTED}. */
const FIRST_LISTING = [0, 3, 9, 0];

/** The only images that a node before 0.3.9 can show. */
export const ALWAYS_LISTED: readonly string[] = ["ubuntu.qcow2", "ubuntu-2004.qcow2", "win.qcow2"];

const partsOf = (version: string): readonly number[] | undefined =>
  /^\d{1,6}(\.\d{1,6}){1,3}$/.test(version) ? version.split(".").map(Number) : undefined;

const isBefore = (parts: readonly number[], mark: readonly number[]): boolean => {
  const at = mark.findIndex((part, index) => part !== (parts[index] ?? 0));
  return at >= 0 && (parts[at] ?? 0) < (mark[at] ?? 0);
};

/** The generation of a node of this version; `undefined` when the text is no version, such as `N/A`. */
export const generationOf = (version: string | undefined): Generation | undefined => {
  const parts = version === undefined ? undefined : partsOf(version);
  return parts && (isBefore(parts, FIRST_CURRENT) ? "legacy" : "current");
};

/** Whether a node of this version can show that it has an image of this name. */
export const canList = (version: string, name: string): boolean => {
  const parts = partsOf(version);
  return ALWAYS_LISTED.includes(name) || parts === undefined || !isBefore(parts, FIRST_LISTING);
};
