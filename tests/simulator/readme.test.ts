import { readFileSync } from "node:fs";
import { faultKinds, profiles } from "../../simulator";
import { Lab } from "./lab";

const readme = readFileSync("simulator/README.md", "utf8");

/** The names in the first column of a section's table. */
function firstColumn(section: string): string[] {
  const text = readme.split(`\n## ${section}\n`)[1]?.split("\n## ")[0] ?? "";
  const cells = text
    .split("\n")
    .flatMap((line) => (line.startsWith("| `") ? [line.split(" | ")[0] ?? ""] : []));
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name)).sort();
}

test("the readme tells every kind of fault", () => {
  expect(firstColumn("Faults")).toEqual([...faultKinds].sort());
});

test("the readme tells every profile", () => {
  expect(firstColumn("Profiles")).toEqual(Object.keys(profiles).sort());
});

test("the readme tells every command of the control endpoint", async () => {
  const lab = await Lab.start();
  const { commands } = (await (await fetch(`${lab.simulator.controlUrl}/`)).json()) as { commands: string[] };
  await lab.close();
  expect(firstColumn("Control endpoint")).toEqual(commands.sort());
});
