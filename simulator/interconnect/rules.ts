import { z } from "zod";
import type { Mode } from "./world";

/** A business error: a code with its words. */
export class Refusal extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

const longest = 255;

const words = z
  .string({ error: "Not a valid string." })
  .max(longest, { error: `Ensure this field has no more than ${longest} characters.` });
const members = z.record(z.string(), z.unknown(), { error: "Expected a dictionary of items." });
const required = "This field is required.";
const filled = words.refine((text) => text.trim() !== "", { error: "This field may not be blank." });

/** What the document promises: everything may be left out. */
const documented = z.object({
  source: words.optional(),
  session_identifier: words.optional(),
  data: members.optional(),
});

/** What the server's source checks. */
const checked = z.object({ source: filled, session_identifier: filled, data: members });

/** What is kept of a body. */
export type Accepted = z.infer<typeof documented>;

const wordsOf = (error: z.ZodError, body: object): string =>
  error.issues
    .map(({ path, message }) => {
      const name = String(path[0] ?? "");
      return `${name}: ${name in body ? message : required}`;
    })
    .join(" ");

const parsed = <T>(schema: z.ZodType<T>, value: object): T => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Refusal(400, wordsOf(result.error, value));
};

/** The body as the platform's mode takes it. */
export function acceptBody(mode: Mode, body: unknown): Accepted {
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw new Refusal(400, "Invalid data. Expected a dictionary.");
  return parsed(mode === "strict" ? checked : documented, body);
}

/** A number, or text of one. */
const whole = z
  .union([z.int(), z.string().regex(/^\d{1,15}$/)], { error: "A valid integer is required." })
  .transform(Number);

const choice = z.object({
  task_id: whole,
  computing_resource_id: whole,
  result: z.boolean({ error: "Must be a valid boolean." }),
});

/** What the draft wants of a path. */
export const acceptChoice = (data: object): z.infer<typeof choice> => parsed(choice, data);
