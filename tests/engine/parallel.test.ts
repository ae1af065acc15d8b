import { labNodes, startSimulator, VirtualClock } from "../../simulator";
import { aliceAt } from "./site";
import { vmArgs } from "./vm-lab";
import { Workspace } from "./workspace";

jest.setTimeout(600_000); // a run of a real program, on a machine of any speed

const PROGRAM = `
const dbc = require("pulumi-dbc");
for (const [name, args] of Object.entries(${JSON.stringify({
  one: vmArgs(0),
  two: vmArgs(1),
  three: { ...vmArgs(0), nodeId: labNodes.alice2 },
})})) new dbc.Vm(name, args);
`;

test("waits that fill the engine's slots are told of once, while others wait for their turn", async () => {
  // no VM comes up before its time is let pass
  const clock = new VirtualClock();
  const simulator = await startSimulator({ clock });
  const workspace = await Workspace.create({ files: { "index.js": PROGRAM }, env: aliceAt(simulator, 1) });
  try {
    const stack = await workspace.stack("test", { PULUMI_PARALLEL: "2" });
    const running = stack.startUp();
    await running.said(/wait for their turn/);
    const created = simulator.requests.filter(({ operation }) => operation === "tasks.create");
    expect(created).toHaveLength(2);
    clock.start();
    const { code, output } = await running.finished;
    expect({ code, output }).toMatchObject({ code: 0 });
    const hints = output.match(/2 resources are waited for, .* `--parallel 64`/g);
    // the engine prints what was said once more at its end
    expect(new Set(hints).size).toBe(1);
    expect(hints?.length).toBeLessThanOrEqual(2);
  } finally {
    await clock.stopped();
    await workspace.dispose();
    await simulator.close();
  }
});
