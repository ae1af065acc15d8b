import * as pulumi from "@pulumi/pulumi";

/** What is known of an argument some time later. */
export interface Later {
  /** The value, with `unknown` in place of all that is not known by then. */
  value(unknown: unknown): unknown;
  /** Whether any of it is marked as secret, as far as is known by then. */
  secret(): boolean;
}

const eventual = (value: pulumi.Output<unknown> | Promise<unknown>): Later => {
  let found: { readonly value: unknown } | undefined;
  let secret = false;
  if (value instanceof Promise) {
    value.then(
      (result) => {
        found = { value: result };
      },
      // whoever made it hears of it
      () => undefined,
    );
    return { value: (unknown) => (found ? later(found.value).value(unknown) : unknown), secret: () => false };
  }
  pulumi.isSecret(value).then(
    (is) => {
      secret = is;
    },
    () => undefined,
  );
  // in a preview this is never called for what only an up will tell
  value.apply((result) => {
    found = { value: result };
  });
  return { value: (unknown) => (found ? found.value : unknown), secret: () => secret };
};

/** Whether a value is written out in the program, and not told by something else. */
export const isPlain = (value: unknown): boolean => {
  if (typeof value !== "object" || value === null) return true;
  if (pulumi.Output.isInstance(value) || value instanceof Promise || pulumi.Resource.isInstance(value))
    return false;
  return Object.values(value).every(isPlain);
};

/** Looks at an argument without waiting for it: what needs no other resource is known before the next event. */
export const later = (value: unknown): Later => {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return eventual(value);
  if (Array.isArray(value)) {
    const items = value.map(later);
    return {
      value: (unknown) => items.map((item) => item.value(unknown)),
      secret: () => items.some((item) => item.secret()),
    };
  }
  if (pulumi.Resource.isInstance(value)) return { value: (unknown) => unknown, secret: () => false };
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).map(([name, inner]) => [name, later(inner)] as const);
    return {
      value: (unknown) => Object.fromEntries(members.map(([name, member]) => [name, member.value(unknown)])),
      secret: () => members.some(([, member]) => member.secret()),
    };
  }
  return { value: () => value, secret: () => false };
};
