/** The container examples on the real engine, against the simulated platform. */
import { ContainerEngineLab, IMAGE } from "./container-lab";
import { exampleProgram } from "./example";
import { until } from "./workspace";

jest.setTimeout(600_000); // a dozen runs of a real program each, on a machine of any speed

let lab: ContainerEngineLab;
afterEach(() => lab.close());

/** An example as its user has it, with its settings. */
const open = async (example: string, config: Readonly<Record<string, string>>) => {
  lab = await ContainerEngineLab.open(exampleProgram(example), config);
  return lab;
};

describe("examples/jupyter", () => {
  test("comes up, is left alone, grows in place, is stopped behind our back, is started and destroyed", async () => {
    const { stack, platform } = await open("jupyter", { image: IMAGE, home: "/public/home/lab" });
    expect(await lab.done(stack.preview())).toMatch(/\+ .*dbc:ContainerTask notebook create/);
    expect(lab.writes()).toEqual([]);

    await lab.done(stack.up());
    const [{ id, name } = { id: "", name: "" }] = platform.tasks;
    expect(name).toMatch(/^notebook-pd1[0-9a-z]{8}$/);
    const { url, status } = await stack.outputs({ showSecrets: true });
    expect(status).toBe("Running");
    expect(url).toContain(`/jupyter-forward/${platform.tasks[0]?.headId}/?token=${platform.tasks[0]?.token}`);
    expect(await stack.outputs()).toMatchObject({ url: "[secret]" });
    await lab.expectNothingInClear();

    await lab.done(stack.up("--expect-no-changes"));
    await lab.done(stack.refresh());
    await lab.done(stack.up("--expect-no-changes"));
    expect(lab.writes()).toEqual(["create"]);

    await lab.configure({ accelerators: "2" });
    expect(await lab.done(stack.preview("--diff"))).toMatch(/acceleratorCount *: 1 => 2/);
    await lab.done(stack.up());
    expect(lab.writes()).toEqual(["create", "stop", "resize", "restart"]);
    expect(platform.tasks).toEqual([expect.objectContaining({ id, gpuNumber: 2, status: "Running" })]);
    await lab.expectNothingInClear();

    await platform.commands["stop-task"]?.({ id });
    await lab.done(stack.refresh());
    await lab.done(stack.up("--expect-no-changes"));
    expect(await stack.outputs()).toMatchObject({ status: "Terminated" });

    await lab.configure({ power: "running" });
    await lab.done(stack.up());
    expect(await stack.outputs()).toMatchObject({ status: "Running" });
    expect(lab.writes().slice(4)).toEqual(["restart"]);
    await lab.expectNothingInClear();

    await lab.expectDestroyed();
  });

  test("more than a node has is a mistake at preview; consent, group and image are the platform's words", async () => {
    const { stack } = await open("jupyter", { image: IMAGE, accelerators: "5" });
    const preview = await lab.ended(stack.preview());
    expect(preview.code).not.toBe(0);
    expect(preview.output).toContain(
      "acceleratorCount: 5 is more than a node of resource group TeslaM40 has (4 accelerators): use less, or another group.",
    );
    await lab.configure({ accelerators: "1", image: IMAGE.replace("jupyter:", "absent:") });
    const refused = await lab.ended(stack.up());
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain('the service said "创建任务错误: image not found" with code 716865');
    await lab.expectDestroyed();
  });

  test("one that is deleted behind our back is made anew", async () => {
    const { stack, platform } = await open("jupyter", { image: IMAGE });
    await lab.done(stack.up());
    await platform.commands["delete-task"]?.({ id: platform.tasks[0]?.id });
    expect(await lab.done(stack.refresh())).toMatch(/- .*dbc:ContainerTask notebook/);
    await lab.done(stack.up());
    expect(platform.tasks).toMatchObject([{ status: "Running" }]);
    await lab.expectDestroyed();
  });
});

describe("examples/batch", () => {
  test("queues, runs until its time limit, stays as it is, runs again when told to, and is destroyed", async () => {
    const { stack, platform } = await open("batch", {
      image: IMAGE,
      directory: "/public/home/lab/work",
      timeLimit: "00:10:00",
    });
    await lab.done(stack.up());
    expect(lab.writes()).toEqual(["create", "create", "create"]);
    expect(platform.tasks.map(({ name }) => name.slice(0, 7)).sort()).toEqual([
      "batch-0",
      "batch-1",
      "batch-2",
    ]);
    expect(platform.tasks[0]).toMatchObject({
      useStartScript: true,
      startScriptContent: expect.stringMatching(/^\ncd \/work\n\.\/run\.sh --part \d --of 3 > .*\n$/),
      timeoutLimit: "00:10:00",
    });
    await lab.done(stack.up("--expect-no-changes"));

    await until(() => platform.tasks.every(({ status }) => status === "Terminated"));
    await lab.done(stack.up("--refresh"));
    expect(await stack.outputs()).toMatchObject({
      status: ["Terminated", "Terminated", "Terminated"],
      ended: [expect.stringMatching(/\+08:00$/), expect.anything(), expect.anything()],
    });
    await lab.done(stack.up("--expect-no-changes"));
    expect(lab.writes()).toHaveLength(3);

    await lab.configure({ run: "2" });
    await lab.done(stack.up());
    expect(platform.tasks).toHaveLength(3);
    expect(platform.tasks.every(({ startScriptContent }) => startScriptContent.includes("run-2-"))).toBe(
      true,
    );
    await lab.expectNothingInClear();

    await lab.expectDestroyed();
  });
});
