import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as typescript from "typescript";
import { repositoryRoot } from "./pins";

/** An example's program as Node runs it. */
export const exampleProgram = (example: string): string =>
  typescript.transpileModule(readFileSync(join(repositoryRoot, "examples", example, "index.ts"), "utf8"), {
    compilerOptions: { module: typescript.ModuleKind.CommonJS, target: typescript.ScriptTarget.ES2022 },
  }).outputText;
