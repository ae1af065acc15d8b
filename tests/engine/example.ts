import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as typescript from "typescript";
import { repositoryRoot } from "./pins";

const toJavaScript = (file: string): string =>
  typescript.transpileModule(readFileSync(file, "utf8"), {
    compilerOptions: { module: typescript.ModuleKind.CommonJS, target: typescript.ScriptTarget.ES2022 },
  }).outputText;

/** An example's program as Node runs it. */
export const exampleProgram = (example: string): string =>
  toJavaScript(join(repositoryRoot, "examples", example, "index.ts"));

/** All files of an example, by the name that Node wants. */
export const exampleFiles = (example: string): Readonly<Record<string, string>> => {
  const folder = join(repositoryRoot, "examples", example);
  const sources = readdirSync(folder).filter((name) => name.endsWith(".ts"));
  return Object.fromEntries(
    sources.map((name) => [name.replace(/\.ts$/, ".js"), toJavaScript(join(folder, name))]),
  );
};
