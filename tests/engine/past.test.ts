import { readFileSync } from "node:fs";
import { join } from "node:path";
import { kinds } from "../../provider/kinds";
import { succeeded } from "./command";
import { releases, resume } from "./past";
import { repositoryRoot } from "./pins";

jest.setTimeout(600_000); // each step is a run of a real program, on a machine of any speed

const { version } = JSON.parse(readFileSync(join(repositoryRoot, "package.json"), "utf8")) as {
  version: string;
};

test("every release of which there is a state goes on in this one: nothing to do, and nothing left", async () => {
  const all = await releases();
  expect(all).toContain(version);
  for (const release of all)
    await resume(release, async ({ simulator, stack }) => {
      const { resources } = await stack.state();
      const types = new Set(resources.map(({ type }) => type.split(":").at(-1)));
      if (release === version)
        expect([...types]).toEqual(expect.arrayContaining(Object.values(kinds).map(({ type }) => type)));
      await succeeded(stack.up("--expect-no-changes"));
      await succeeded(stack.refresh("--expect-no-changes"));
      await succeeded(stack.up("--expect-no-changes"));
      expect(simulator.requests.filter(({ write }) => write)).toEqual([]);
      await succeeded(stack.destroy());
      expect((await stack.state()).resources).toEqual([]);
      for (const node of Object.values(simulator.world.nodes)) expect(Object.keys(node.tasks)).toEqual([]);
      expect(simulator.world.lans).toEqual([]);
      expect(simulator.container.tasks).toEqual([]);
    });
});
