/** What container tasks come to on the real engine when things go wrong. */
import { loginSignature } from "../../provider/api/container/signature";
import { ContainerEngineLab, IMAGE } from "./container-lab";
import { until } from "./workspace";

jest.setTimeout(600_000); // each step is several runs of a real program, on a machine of any speed

const TASK = `{
  name: "trainer",
  resourceGroup: "TeslaM40",
  taskType: "jupyter",
  image: "${IMAGE}",
  acceleratorType: "gpu",
  cpuCores: 4,
  ramMib: 16384,
  ports: [{ port: 8888, protocol: "http" }],
}`;

/** A task, and when "other" is set, the one of that id looked up beside it. */
const PROGRAM = `
const pulumi = require("@pulumi/pulumi");
const dbc = require("pulumi-dbc");
const config = new pulumi.Config();
const token = config.getSecret("token");
const provider = token && new dbc.Provider("by-token", {
  containerEndpoint: process.env.DBC_CONTAINER_ENDPOINT,
  containerToken: token,
});
const task = new dbc.ContainerTask("task", ${TASK}, {
  customTimeouts: { create: config.get("create") || "60m" },
  ...(provider && { provider }),
});
exports.images = dbc.getContainerImagesOutput({ type: "JupyterLab" }, { provider }).apply((all) => all.length);
exports.status = task.status;
exports.id = task.id;
exports.ports = task.portUrls;
if (config.get("other")) exports.other = dbc.ContainerTask.get("other", config.require("other")).status;
`;

let lab: ContainerEngineLab;
beforeEach(async () => {
  lab = await ContainerEngineLab.open(PROGRAM);
});
afterEach(() => lab.close());

test("an engine that is killed in mid-create: the next up goes on with the same task", async () => {
  const { stack, platform } = lab;
  lab.busy(2);
  const running = stack.startUp();
  await until(() => lab.writes().length > 0);
  running.kill("SIGKILL");
  await running.finished;
  await stack.cancel();
  const [begun] = platform.tasks;
  lab.busy(0);
  const output = await lab.done(stack.up());
  expect(output).toContain("was begun by a run that did not end: going on with it.");
  expect(platform.tasks).toEqual([expect.objectContaining({ id: begun?.id, status: "Running" })]);
  expect(lab.writes()).toEqual(["create"]);
  await lab.done(stack.refresh("--clear-pending-creates"));
  await lab.done(stack.up("--expect-no-changes"));
  await lab.expectDestroyed();
});

test("an answer that is lost makes no second task", async () => {
  lab.platform.arm({ kind: "lost-answer", operation: "create" });
  await lab.done(lab.stack.up());
  expect(lab.writes()).toEqual(["create"]);
  expect(lab.platform.tasks).toMatchObject([{ status: "Running" }]);
  await lab.expectNothingInClear();
  await lab.expectDestroyed();
});

test("a group that stays full is told, and the next up, after a refresh too, goes on waiting", async () => {
  const { stack, platform } = lab;
  lab.busy(2);
  await lab.configure({ create: "5m" });
  const full = await lab.ended(stack.up());
  expect(full.code).not.toBe(0);
  expect(full.output).toMatch(
    /container task trainer-pd1\w{8} in region 11112 still waits for room in resource group TeslaM40 after 5 min: it keeps its place in the queue, and the next `pulumi up` goes on waiting/,
  );
  await lab.done(stack.refresh());
  lab.busy(0);
  await lab.done(stack.up());
  expect(lab.writes()).toEqual(["create"]);
  expect(platform.tasks).toMatchObject([{ status: "Running" }]);
  await lab.done(stack.up("--expect-no-changes"));
  await lab.expectDestroyed();
});

test("a token that was handed out, given to a provider of its own", async () => {
  const { stack, platform } = lab;
  const { user, accessKey, secretKey } = platform.world.accounts[0] ?? {
    user: "",
    accessKey: "",
    secretKey: "",
  };
  const timestamp = String(Math.floor(platform.clock.time() / 1_000));
  const signature = loginSignature(secretKey, accessKey, timestamp, user);
  const answer = await fetch(`${platform.url}/api/user/v3/tokens`, {
    method: "POST",
    headers: { user, accesskey: accessKey, timestamp, signature },
  });
  const { data } = (await answer.json()) as { data: { clusterId: string; token: string }[] };
  const token = data.find(({ clusterId }) => clusterId === "11112")?.token ?? "";
  await lab.done(stack.run(["config", "set", "--secret", "token", token]));
  await lab.done(stack.up());
  expect(await stack.outputs({ showSecrets: true })).toMatchObject({ status: "Running", images: 3 });
  await lab.done(stack.up("--expect-no-changes"));
  await lab.expectNothingInClear();
  await lab.expectDestroyed();
  expect(platform.requests.filter(({ operation }) => operation === "login")).toHaveLength(1);
});

test("get looks one up, shows it, and leaves it alone for ever", async () => {
  const { stack, platform } = lab;
  await lab.done(stack.up());
  const { id } = await stack.outputs();
  const other = await lab.workspace.stack("other");
  await lab.done(other.run(["config", "set", "other", String(id)]));
  await lab.done(other.up());
  expect(await other.outputs()).toMatchObject({ other: "Running", ports: "[secret]" });
  expect(platform.tasks).toHaveLength(2);
  await lab.done(other.destroy());
  expect(platform.tasks).toMatchObject([{ status: "Running" }]);
  expect(lab.writes().filter((operation) => operation === "delete")).toHaveLength(1);
  await lab.expectNothingInClear();
  await lab.expectDestroyed();
});
