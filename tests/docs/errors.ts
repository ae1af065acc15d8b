import { RULES } from "../../provider/api/container/codes";
import { KNOWN_TEXTS } from "../../provider/api/dbc/texts";
import type { Outcome } from "../../provider/core/errors";
import { imageRefusals } from "../resources/image-refusals";
import { CLASSES, classOf, classOfOwn } from "./error-class";
import { ownMessages } from "./messages";

/** What is left of a request that ended so, and what the next `pulumi up` does. */
const LEFT: Readonly<Record<Outcome, string>> = {
  "not-sent": "nothing was sent, so nothing changed",
  refused: "nothing: it was refused before it had any effect",
  unknown: "perhaps its effect: the provider looks before it decides, and records what it can't settle",
  "not-found": "what was meant is not there; a delete counts that as success once it is proven",
  unavailable: "nothing new; what exists stays in the state and is asked for again",
  unauthorised: "nothing changed; the state is kept",
  "rental-over": "the machines went with the rental; a delete succeeds with a warning",
};

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("<", "&lt;");

const rows = (cells: readonly (readonly string[])[]): string[] =>
  cells.map((row) => `| ${row.map(cell).join(" | ")} |`);

const said = (): string[] =>
  Object.entries(KNOWN_TEXTS).flatMap(([who, texts]) => [
    `## Said by ${who}`,
    "",
    "| text | class | taken for | what the sentence advises |",
    "| --- | --- | --- | --- |",
    ...rows(
      texts.map(([text, outcome, remedy = ""]) => [
        `\`${text}\``,
        classOf(outcome, text, remedy),
        outcome,
        remedy,
      ]),
    ),
    "",
  ]);

/** Our own sentences, by class. */
const own = (): string[] => {
  const all = ownMessages().map((message) => [classOfOwn(message), message.text] as const);
  return Object.keys(CLASSES).flatMap((name) =>
    rows(
      [...new Set(all.flatMap(([of, text]) => (of === name ? [text] : [])))]
        .sort()
        .map((text) => [name, text]),
    ),
  );
};

/** The catalogue of all that a user may read, from the source and the tables that the provider itself uses. */
export const errorsText = (): string =>
  [
    "# Errors",
    "",
    "Generated from the provider's own tables by `make docs`; do not edit.",
    "",
    "Every message is one sentence: what was tried, on what, what the other side said (in quotes; `*` stands for anything), and what to do.",
    "A text that is not listed here is taken for `unknown` after a request that changes something, else for `unavailable`.",
    "",
    "| class | what is the matter |",
    "| --- | --- |",
    ...rows(Object.entries(CLASSES)),
    "",
    "| taken for | what is left |",
    "| --- | --- |",
    ...rows(Object.entries(LEFT)),
    "",
    ...said(),
    "## Said by the container platform",
    "",
    "| code | class | taken for | meaning | what the sentence advises |",
    "| --- | --- | --- | --- | --- |",
    ...rows(
      Object.entries(RULES).map(([code, { outcome, meaning, remedy = "" }]) => [
        code,
        classOf(outcome, meaning, remedy),
        outcome,
        meaning,
        remedy,
      ]),
    ),
    "",
    "## Said by the provider itself",
    "",
    "`…` stands for names and numbers. A text of Node, of a library, or of a fault of our own is never shown: such a message says only what it was and where.",
    "",
    "| class | the sentence |",
    "| --- | --- |",
    ...own(),
    "",
    "## Images and snapshots: the whole sentence",
    "",
    "| resource | step | the node said | what the user reads | what is left |",
    "| --- | --- | --- | --- | --- |",
    ...rows(
      imageRefusals.map(({ resource, step, said: words, reads = "nothing: the step ends well", left }) => [
        resource,
        step,
        `\`${words}\``,
        reads,
        left,
      ]),
    ),
    "",
  ].join("\n");
