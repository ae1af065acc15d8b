import { existsSync } from "node:fs";
import { join } from "node:path";
import { until, Workspace } from "./workspace";

/** A dynamic resource without our provider: what fails here is the engine, not us. */
const PROGRAM = `
const pulumi = require("@pulumi/pulumi");
if (process.env.FAIL) throw new pulumi.RunError("broken on purpose");
const provider = {
  async create(inputs) {
    if (process.env.WAIT) {
      require("fs").writeFileSync(process.env.WAIT, "creating");
      await new Promise((resolve) => setTimeout(resolve, 3600000));
    }
    return { id: "one", outs: inputs };
  },
  async update(id, olds, news) { return { outs: news }; },
  async diff(id, olds, news) { return { changes: olds.size !== news.size }; },
};
class Thing extends pulumi.dynamic.Resource {
  constructor(name, args) { super(provider, name, { ...args }); }
}
const thing = new Thing("thing", { size: Number(process.env.SIZE), password: pulumi.secret("hunter2") });
exports.size = thing.size;
exports.password = thing.password;
`;

jest.setTimeout(300_000); // a dozen runs of a real program, on a machine of any speed

describe("the real engine", () => {
  let workspace: Workspace;

  beforeAll(async () => {
    workspace = await Workspace.create({ files: { "index.js": PROGRAM } });
  });

  afterAll(() => workspace.dispose());

  test("creates, leaves alone, updates, refreshes and destroys", async () => {
    const stack = await workspace.stack("life", { SIZE: "1" });
    expect(await stack.up()).toMatchObject({ code: 0 });
    expect(await stack.outputs({ showSecrets: true })).toEqual({ size: 1, password: "hunter2" });

    expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0 });

    const bigger = await workspace.stack("life", { SIZE: "2" });
    expect((await bigger.preview()).output).toMatch(/~ .*thing update \[diff: ~size\]/);
    expect(await bigger.up()).toMatchObject({ code: 0 });
    expect(await bigger.outputs()).toMatchObject({ size: 2 });
    expect(await bigger.refresh()).toMatchObject({ code: 0 });

    expect(await bigger.destroy()).toMatchObject({ code: 0 });
    expect((await bigger.state()).resources).toEqual([]);
  });

  test("keeps secrets out of the state", async () => {
    const stack = await workspace.stack("secrets", { SIZE: "1" });
    expect(await stack.up()).toMatchObject({ code: 0 });
    const { text, resources } = await stack.state();
    expect(resources.map(({ type }) => type)).toContain("pulumi-nodejs:dynamic:Resource");
    expect(text).not.toContain("hunter2");
  });

  test("answers with the exit code and the words of a program that fails", async () => {
    const stack = await workspace.stack("failing", { FAIL: "1" });
    const done = await stack.up();
    expect(done.code).not.toBe(0);
    expect(done.output).toContain("broken on purpose");
  });

  test("can be killed in mid-create, and its lock cancelled", async () => {
    const begun = join(workspace.folder, "begun");
    const stack = await workspace.stack("killed", { SIZE: "1", WAIT: begun });
    const running = stack.startUp();
    await until(() => existsSync(begun));
    running.kill("SIGKILL");
    expect(await running.finished).toMatchObject({ code: null, signal: "SIGKILL" });

    const again = await workspace.stack("killed", { SIZE: "1" });
    expect((await again.up()).output).toContain("the stack is currently locked");
    expect(await again.cancel()).toMatchObject({ code: 0 });
    expect((await again.state()).pending).toBe(1);
    expect(await again.up()).toMatchObject({ code: 0 });
    expect(await again.refresh("--clear-pending-creates")).toMatchObject({ code: 0 });
    expect((await again.state()).pending).toBe(0);
  });
});
