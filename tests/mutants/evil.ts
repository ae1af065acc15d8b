/** Mistakes that would cost somebody a machine, a disk or a secret: each a small change of the source, by hand. */

export interface EvilMutant {
  readonly name: string;
  /** Source file, from the repository's root. */
  readonly file: string;
  /** Text that occurs there once, and what stands in its place. */
  readonly find: string;
  readonly replace: string;
  /** Test files, of which at least one must fail. */
  readonly tests: readonly string[];
}

const VM = ["resources/vm.test"];

export const EVIL_MUTANTS: readonly EvilMutant[] = [
  {
    name: "a timeout is taken for a failure",
    file: "provider/api/dbc/outcome.ts",
    find: "fault.mayHaveBeenSent ? unsure(attempt) : attempt.write",
    replace: "attempt.write",
    tests: ["api/outcome.test"],
  },
  {
    name: "words that nobody knows are taken for a refusal",
    file: "provider/api/dbc/outcome.ts",
    find: "nodeRule(said) ?? { outcome: unsure(attempt) }",
    replace: 'nodeRule(said) ?? { outcome: "refused" }',
    tests: ["api/outcome.test"],
  },
  {
    name: "a modify that was refused half way is taken for one that did nothing",
    file: "provider/api/dbc/outcome.ts",
    find: "if (isPartial(attempt.changes, rule.field))",
    replace: "if (false)",
    tests: ["api/outcome.test"],
  },
  {
    name: "our own secrets are not taken out of what the node said",
    file: "provider/api/dbc/outcome.ts",
    find: "judge.redact(sanitise(judge.redact(text)))",
    replace: "sanitise(text)",
    tests: ["api/hostile.test", "api/outcome.test"],
  },
  {
    name: "what the node said is shown as it came",
    file: "provider/api/dbc/outcome.ts",
    find: "judge.redact(sanitise(judge.redact(text)))",
    replace: "judge.redact(text)",
    tests: ["api/hostile.test", "api/outcome.test"],
  },
  {
    name: "the list is not looked at before a create",
    file: "provider/resources/vm-create.ts",
    find: "const alive = listed.find(({ status }) => status !== CREATE_ERROR);",
    replace: "const alive = undefined;",
    tests: VM,
  },
  {
    name: "an order of unknown outcome is sent again without looking",
    file: "provider/core/once.ts",
    find: "const found = await lookUntilQuiet(once);",
    replace: "const found = undefined;",
    tests: ["core/once.test"],
  },
  {
    name: "an order whose key the remote system does not check is sent twice",
    file: "provider/core/once.ts",
    find: "once.repeatable ? SENDS : 1",
    replace: "SENDS",
    tests: ["core/once.test"],
  },
  {
    name: "a VM counts as gone after one look",
    file: "provider/resources/vm-delete.ts",
    find: "if (proof === 2) return true;",
    replace: "return true;",
    tests: ["reliability/node-faults.test", ...VM],
  },
  {
    name: "a VM that a list lacks counts as gone",
    file: "provider/resources/vm-read.ts",
    find: "if (!listed && (await isGone(context, there))) return undefined;",
    replace: "if (!listed) return undefined;",
    tests: ["reliability/node-faults.test"],
  },
  {
    name: "what another account sees is believed",
    file: "provider/resources/vm-state.ts",
    find: "if (recorded !== undefined && recorded !== account)",
    replace: "if (false)",
    tests: ["reliability/node-faults.test"],
  },
  {
    name: "one bad status ends a wait",
    file: "provider/resources/vm-wait.ts",
    find: "if (errors >= 2)",
    replace: "if (errors >= 1)",
    tests: ["reliability/node-faults.test"],
  },
  {
    name: "partial state without the text that names our code",
    file: "provider/hosts/dynamic.ts",
    find: "properties: { ...error.state, [PROVIDER]: props[PROVIDER] },",
    replace: "properties: { ...error.state },",
    tests: ["hosts/dynamic.test"],
  },
  {
    name: "what was begun and not ended looks finished",
    file: "provider/core/lifecycle.ts",
    find: "changes: list.length > 0 || (definition.resumes !== false && unfinished(state)),",
    replace: "changes: list.length > 0,",
    tests: ["reliability/node-faults.test", ...VM],
  },
  {
    name: "the engine's magic words are stored",
    file: "provider/core/lifecycle.ts",
    find: 'if (typeof value === "string") return withoutMagic(value);',
    replace: 'if (typeof value === "string") return value;',
    tests: ["hosts/dynamic.test"],
  },
  {
    name: "a disk that was there before counts as ours",
    file: "provider/resources/data-disk-add.ts",
    find: "disks.filter(({ file }) => !earlier.files.includes(file) && !ledger.isTaken(file))",
    replace: "disks",
    tests: ["resources/data-disk-crash.test"],
  },
];
