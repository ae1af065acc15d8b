import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as ts from "typescript";

/** A sentence of our own, with `…` for what differs from case to case. */
export interface Message {
  readonly file: string;
  readonly text: string;
}

/** Calls and constructions whose text a user reads, and which of their arguments it is. */
const SAYS: Readonly<Record<string, number>> = {
  UserError: 0,
  RunError: 0,
  PartialState: 2,
  warn: 0,
  mistake: 1,
};

const textOf = (node: ts.Node | undefined): string[] => {
  if (node === undefined) return [];
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node))
    return [node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join("")];
  if (ts.isConditionalExpression(node)) return [...textOf(node.whenTrue), ...textOf(node.whenFalse)];
  if (ts.isParenthesizedExpression(node)) return textOf(node.expression);
  return [];
};

const nameOf = (node: ts.Expression): string =>
  ts.isIdentifier(node) ? node.text : ts.isPropertyAccessExpression(node) ? node.name.text : "";

const messagesIn = (file: string): Message[] => {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) || ts.isCallExpression(node)) {
      const at = SAYS[nameOf(node.expression)];
      if (at !== undefined) found.push(...textOf(node.arguments?.[at]));
    }
    if (ts.isPropertyAssignment(node) && node.name.getText(source) === "reason")
      found.push(...textOf(node.initializer));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found.map((text) => ({ file, text }));
};

/** Every sentence that the provider and the sdk say themselves, by file. */
export const ownMessages = (): Message[] =>
  ["provider", "sdk"]
    .flatMap((room) =>
      readdirSync(room, { recursive: true, encoding: "utf8" })
        .filter((path) => path.endsWith(".ts"))
        .map((path) => join(room, path))
        .sort(),
    )
    .flatMap(messagesIn)
    // a name alone, or what another sentence is put into
    .filter(({ text }) => /[a-z]{3}.*[a-z]{3}.*[a-z]{3}/.test(text.replaceAll("…", "")));
