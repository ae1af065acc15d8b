import { findProgram } from "./programs";

/** A program of the system's, by any of its names. */
export const systemProgram = (...names: readonly string[]): string => {
  const found = names.map((name) => findProgram(name)).find((path) => path !== undefined);
  if (found === undefined)
    throw new Error(`These tests need ${names.join(" or ")} on PATH: install it, then run them again.`);
  return found;
};
