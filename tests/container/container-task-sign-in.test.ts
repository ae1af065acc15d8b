import { ContainerLab, TASK } from "./lab";
import { ACCOUNT } from "./platform";

jest.setTimeout(300_000); // hours of virtual time, on a machine of any speed

let lab: ContainerLab;
beforeEach(async () => {
  lab = await ContainerLab.open();
});
afterEach(() => lab.close());

test("a token that ends in mid-wait is renewed, and nobody notices", async () => {
  lab.simulator.world.switches.tokenLifetimeMs = 10 * 60_000;
  lab.busy(2);
  const soon = lab.clock.at(lab.clock.time() + 22 * 60_000, () => lab.busy(0));
  const made = await lab.create(TASK);
  soon.cancel();
  expect(made.state).toMatchObject({ phase: "ready", status: "Running" });
  expect(lab.writes()).toEqual(["create"]);
  expect(lab.simulator.requests.filter(({ code }) => code !== "0")).toEqual([]);
  expect(lab.simulator.requests.filter(({ operation }) => operation === "login").length).toBeGreaterThan(3);
});

test("a token that is taken back in mid-wait is renewed, and the wait goes on", async () => {
  lab.busy(2);
  lab.clock.at(lab.clock.time() + 10 * 60_000, () => {
    Object.assign(lab.simulator.world, { signingKey: "another" });
    lab.busy(0);
  });
  const made = await lab.create(TASK);
  expect(made.state).toMatchObject({ phase: "ready", status: "Running" });
  expect(
    lab.simulator.requests.filter(({ code }) => code === "10008").map(({ operation }) => operation),
  ).toEqual(["list", "tokenState"]);
});

test("a wait that may not sign in again ends as partial state, which goes on when it may", async () => {
  lab.busy(2);
  const [bob] = lab.simulator.world.accounts;
  lab.clock.at(lab.clock.time() + 10 * 60_000, () => {
    Object.assign(lab.simulator.world, { signingKey: "another" });
    Object.assign(bob ?? {}, { secretKey: "changed" });
  });
  const made = await lab.create(TASK);
  expect(made.state).toMatchObject({ phase: "creating", instanceName: expect.stringMatching(/^trainer-/) });
  expect(made.reason).toContain('"AK/SK signature verification failed" with code 10009');
  Object.assign(bob ?? {}, { secretKey: "simulated-secret-key" });
  lab.busy(0);
  expect((await lab.update(made, TASK)).state).toMatchObject({ phase: "ready", status: "Running" });
  expect(lab.writes()).toEqual(["create"]);
});

test.each([
  [
    "11113",
    /^could not use a region .*: the account is suspended in region 11113 \(suspended-region\); settle/,
  ],
  ["hpc-only", /^could not list the container tasks: .* this region offers no container OpenAPI/],
  ["mars", /^could not use a region .*: the account has no region "mars"; its regions are 11112/],
])("a create in region %s is a plain error, and nothing is made", async (region, message) => {
  await expect(lab.create({ ...TASK, region })).rejects.toThrow(message);
  expect(lab.writes()).toEqual([]);
});

test("a wrong signature is a plain error", async () => {
  lab.restart({ credentials: { ...ACCOUNT, secretKey: "canary" } });
  const failure = lab.create(TASK);
  await expect(failure).rejects.toThrow(
    /^could not sign in .*"AK\/SK signature verification failed" with code 10009 .* the clock of this machine$/,
  );
  await expect(failure).rejects.not.toThrow("canary");
});
