/** `make mutants`: do the tests notice when the code is wrong? `ARGS=evil` or `ARGS=core` for one half. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import * as typescript from "typescript";
import { z } from "zod";
import { run } from "../engine/command";
import { repositoryRoot } from "../engine/pins";
import { EVIL_MUTANTS, type EvilMutant } from "./evil";

const Results = z.looseObject({
  numTotalTests: z.number(),
  numFailedTests: z.number(),
  numRuntimeErrorTestSuites: z.number(),
});

/** The compiled project once more, with one file of it changed at a time. */
class Patient {
  readonly #root: string;

  constructor() {
    const work = join(repositoryRoot, ".work");
    mkdirSync(work, { recursive: true });
    this.#root = mkdtempSync(join(work, "evil-"));
    cpSync(join(repositoryRoot, "dist"), join(this.#root, "dist"), { recursive: true });
    for (const name of ["package.json", "examples"])
      symlinkSync(join(repositoryRoot, name), join(this.#root, name));
    const jest = { rootDir: join(this.#root, "dist/tests"), transform: {}, testTimeout: 300_000 };
    writeFileSync(join(this.#root, "jest.json"), JSON.stringify(jest));
  }

  /** Whether tests of ours fail with the file as `text` has it. A test file that can't be loaded proves nothing. */
  async fails(file: string, text: string, tests: readonly string[]): Promise<boolean> {
    const compiled = join(this.#root, "dist", file.replace(/\.ts$/, ".js"));
    const whole = readFileSync(compiled, "utf8");
    const { outputText } = typescript.transpileModule(text, {
      compilerOptions: {
        module: typescript.ModuleKind.CommonJS,
        target: typescript.ScriptTarget.ES2022,
        esModuleInterop: true,
      },
    });
    writeFileSync(compiled, outputText);
    try {
      const output = join(this.#root, "results.json");
      rmSync(output, { force: true });
      const jest = require.resolve("jest/bin/jest");
      const files = tests.map((each) => join(this.#root, "dist/tests", `${each}.js`));
      const args = ["-c", join(this.#root, "jest.json"), "--json", "--outputFile", output];
      const jestArgs = [jest, ...args, "--runTestsByPath", ...files];
      const { output: said } = await run(process.execPath, jestArgs, { cwd: this.#root });
      const written = existsSync(output) ? readFileSync(output, "utf8") : "{}";
      const results = Results.safeParse(JSON.parse(written)).data;
      if (results === undefined || results.numTotalTests === 0 || results.numRuntimeErrorTestSuites > 0)
        throw new Error(`${tests.join(", ")} could not be run:\n${said}`);
      return results.numFailedTests > 0;
    } finally {
      writeFileSync(compiled, whole);
    }
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }
}

/** Whether it is noticed; the tests must pass without it. */
const isKilled = async (patient: Patient, mutant: EvilMutant): Promise<boolean> => {
  const text = readFileSync(join(repositoryRoot, mutant.file), "utf8");
  if (!text.includes(mutant.find)) throw new Error(`${mutant.file} has no place for "${mutant.name}"`);
  if (await patient.fails(mutant.file, text, mutant.tests))
    throw new Error(`${mutant.tests.join(", ")} fail without "${mutant.name}"`);
  return patient.fails(
    mutant.file,
    text.replace(mutant.find, () => mutant.replace),
    mutant.tests,
  );
};

const evil = async (): Promise<number> => {
  const patient = new Patient();
  let killed = 0;
  try {
    for (const mutant of EVIL_MUTANTS) {
      const dead = await isKilled(patient, mutant);
      if (dead) killed += 1;
      process.stdout.write(`  ${dead ? "killed  " : "SURVIVED"} ${mutant.name}\n`);
    }
  } finally {
    patient.remove();
  }
  process.stdout.write(`evil mutants: ${killed} of ${EVIL_MUTANTS.length} killed\n`);
  return EVIL_MUTANTS.length - killed;
};

const Report = z.looseObject({
  files: z.record(z.string(), z.looseObject({ mutants: z.array(z.looseObject({ status: z.string() })) })),
});

/** Stryker on the core files; it ends with an error itself below the threshold of its settings. */
const stryker = async (): Promise<number> => {
  const bin = require
    .resolve("@stryker-mutator/core/package.json")
    .replace(/package\.json$/, "bin/stryker.js");
  const { code } = await run(process.execPath, [bin, "run"], { cwd: repositoryRoot, inherit: true });
  const report = Report.parse(
    JSON.parse(readFileSync(join(repositoryRoot, "coverage/mutants.json"), "utf8")),
  );
  const all = Object.values(report.files).flatMap(({ mutants }) => mutants.map(({ status }) => status));
  const counted = all.filter((status) => status !== "Ignored" && status !== "CompileError");
  const killed = counted.filter((status) => status === "Killed" || status === "Timeout").length;
  const share = ((100 * killed) / counted.length).toFixed(1);
  process.stdout.write(`mutants of the core: ${killed} of ${counted.length} killed (${share} %)\n`);
  return code ?? 1;
};

/** Both, or the one that is named. */
const main = async (only?: string): Promise<void> => {
  const survived = only === "core" ? 0 : await evil();
  const code = only === "evil" ? 0 : await stryker();
  process.exitCode = survived > 0 || code !== 0 ? 1 : 0;
};

if (require.main === module) void main(process.argv[2]);
