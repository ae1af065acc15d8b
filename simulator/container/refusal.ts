/** A business error: a code with its words (reference 3). */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The path is not served. */
export class NotServed extends Error {}

export const missing = (name: string): Refusal => new Refusal("10003", `parameter ${name} is missing`);
export const invalid = (name: string): Refusal => new Refusal("10004", `parameter ${name} is invalid`);
