import * as lifecycle from "../../provider/core/lifecycle";
import type { Definition, Shape } from "../../provider/core/resource";
import type { Site } from "../../provider/resources/site";
import { vm } from "../../provider/resources/vm";
import { profiles } from "../../simulator";
import { Lab, NODE } from "./lab";
import { args } from "./vm-args";

const definition = vm as unknown as Definition<Shape, Site>;

test("a node that is gone for ten minutes is hardly asked, and its VM is seen soon after its return", async () => {
  const lab = await Lab.open({ profile: { ...profiles.fast, define: [60_000, 60_000] } });
  try {
    const { clock, simulator } = lab;
    let [from, to, backAt] = [0, 0, 0];
    clock.at(clock.time() + 5_000, () => {
      from = simulator.requests.length;
      void simulator.setLink(NODE, "offline");
    });
    clock.at(clock.time() + 605_000, () => {
      to = simulator.requests.length;
      backAt = clock.now();
      void simulator.setLink(NODE, "online");
    });
    const { inputs } = await lab.check(vm, {}, args());
    const made = await lab.run(lifecycle.create(definition, lab.context(inputs), inputs));
    expect(made.state).toMatchObject({ phase: "ready", status: "running" });
    const during = simulator.requests.slice(from, to);
    expect(during.filter(({ nodeId }) => nodeId === NODE).length).toBeLessThanOrEqual(10);
    // once the client node has lost it, its own list is asked instead
    expect(during.some(({ operation }) => operation === "mining_nodes.list")).toBe(true);
    expect(clock.now() - backAt).toBeLessThanOrEqual(10_000);
  } finally {
    await lab.close();
  }
});
