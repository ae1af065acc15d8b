/** Sentences that no other test comes by: each with what brings it about. */
import { parseJson } from "../../provider/api/json";
import { call } from "../../provider/functions";
import { readContainerSettings } from "../../provider/hosts/container-settings";
import { readSettings } from "../../provider/hosts/settings";
import { judge } from "../../provider/offline";
import { removeOrphan } from "../../provider/orphans/remove";
import { computingResourceQuery } from "../../provider/resources/computing-resource-query";
import { containerTask } from "../../provider/resources/container-task";
import { deleteLegacyUpload } from "../../provider/resources/image-upload-legacy";
import { snapshot } from "../../provider/resources/snapshot";
import { stopTransfer } from "../../provider/resources/transfer";
import { vm } from "../../provider/resources/vm";
import { Lab, NODE } from "./lab";
import { args, KEY, OTHER } from "./vm-args";

const none = (): undefined => undefined;

describe("settings", () => {
  const env = (variables: Readonly<Record<string, string>>) => () =>
    readSettings({ config: none, env: variables });

  test("a session without its signature, and the other way round", () => {
    expect(env({ DBC_SESSION_ID: "a" })).toThrow(
      "DBC_SESSION_SIGN (dbc:sessionSign) is missing: a session is an id and its signature.",
    );
    expect(env({ DBC_SESSION_SIGN: "a" })).toThrow("DBC_SESSION_ID (dbc:sessionId) is missing");
  });

  test("a generation that there is not", () => {
    expect(env({ DBC_API_GENERATION: "third" })).toThrow(
      'DBC_API_GENERATION (dbc:apiGeneration) must be auto, current or legacy, not "third".',
    );
  });

  test("half of a container platform's credentials", () => {
    const read = () => readContainerSettings({ config: none, env: { DBC_CONTAINER_ACCESS_KEY: "a" } });
    expect(read).toThrow("DBC_CONTAINER_USER (dbc:containerUser) is missing: containerAccessKey needs it.");
  });
});

describe("arguments", () => {
  const reasons = (handler: string, values: object): string[] => judge(handler, "urn", { ...values }, {});

  test("port ranges that can't be", () => {
    const maps = [
      { protocol: "tcp", host: "30-20" },
      { protocol: "tcp", host: "8000-8002", guest: "9000-9001" },
    ];
    expect(reasons("vm", args({ portMaps: maps }))).toEqual([
      "portMaps[0].host ends before it begins.",
      "portMaps[1] maps 3 ports to 2: host and guest must have the same number of ports.",
    ]);
  });

  test("accelerators of a task that has none", () => {
    expect(reasons("containerTask", { acceleratorType: "cpu", acceleratorCount: 1 })).toContain(
      'acceleratorCount must be 0, or left out, with acceleratorType "cpu".',
    );
  });

  test("one server twice", () => {
    expect(reasons("monitorServers", { nodeId: NODE, servers: ["a.example:1", "a.example:1"] })).toEqual([
      "servers names a.example:1 twice: name it once.",
    ]);
  });

  test("images of nobody", async () => {
    const sources = { config: none, env: { DBC_ENDPOINT: "http://127.0.0.1:1" } };
    await expect(call("getImages", {}, sources, "sentences")).rejects.toThrow(
      "say whose images: nodeId for a node's, imageServer for an image server's.",
    );
  });

  test("an answer that is nested too deeply", () => {
    expect(parseJson("[".repeat(40))).toEqual({ ok: false, reason: "JSON nested more than 32 levels deep" });
  });
});

describe("steps", () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await Lab.open();
  });
  afterEach(() => lab.close());

  test("a machine that is protected is not deleted", async () => {
    const made = await lab.create(vm, args({ deletionProtection: true }));
    await expect(lab.delete(vm, made)).rejects.toThrow(
      `VM ${KEY} on node a1a1a1a1… has deletionProtection: set it to false, run \`pulumi up\`, then delete it.`,
    );
    expect(lab.tasks()).toHaveLength(1);
  });

  test("one that is off can't be restarted", async () => {
    const made = await lab.create(vm, args({ powerState: "stopped" }));
    const { powerState: _, ...left } = args({ restartTrigger: "now" });
    expect((await lab.update(vm, made, left)).reason).toBe(
      `VM ${KEY} on node a1a1a1a1… is off and can't be restarted: set powerState: "running" to start it.`,
    );
  });

  test("one that is taken over is taken on trust where nobody can see", async () => {
    await lab.create(vm, args());
    await lab.create(vm, args({ __key: OTHER, adoptTaskId: KEY }));
    expect(lab.warnings).toEqual([
      `adopted VM ${KEY} on node a1a1a1a1…; its image, firmware, port maps and filters can't be seen, so they are taken as written down.`,
    ]);
  });

  test("one whose SSH never answers", async () => {
    lab.greet = () => Promise.reject(new Error("refused"));
    const made = await lab.create(vm, args({ waitFor: "ssh", timeouts: { create: "2m" } }));
    expect(made.reason).toMatch(
      /^VM .* runs, but no SSH server answers at .*:20022: look at its console \(VNC\)/,
    );
  });

  test("a snapshot and a request that were made without their class", async () => {
    const made = await lab.create(vm, args({ powerState: "stopped" }));
    const values = { vmId: made.id, name: "golden", imageServer: "lab" };
    const alone = "a Snapshot is made by the class of that name, with its key.";
    await expect(lab.create(snapshot, values)).rejects.toThrow(alone);
    const request = { source: "here", data: {} };
    await expect(lab.create(computingResourceQuery, request)).rejects.toThrow(
      "this request has no sessionIdentifier: make it with its class of pulumi-dbc.",
    );
  });

  test("what was not set up", () => {
    expect(() => lab.site.container).toThrow("no container platform is set up here.");
    expect(() => lab.site.interconnect).toThrow("no interconnection platform is set up here.");
    expect(containerTask.kind).toBe("ContainerTask");
  });

  test("a transfer that goes on whatever it is told", async () => {
    let stops = 0;
    const transfer = {
      doing: "downloading" as const,
      what: "big.qcow2",
      progress: async () => ({ done: false, percent: 5 }),
      stop: async () => {
        stops += 1;
      },
    };
    await expect(lab.run(stopTransfer(lab.context({}), transfer))).rejects.toThrow(
      "could not stop downloading big.qcow2: it goes on after 3 orders.",
    );
    expect(stops).toBe(3);
  });

  test("an upload that an older node can't stop", async () => {
    await deleteLegacyUpload(lab.context({}), { image: "own.qcow2", phase: "uploading" });
    expect(lab.warnings).toEqual([
      "own.qcow2 may still come to the image centre: its node has no call that stops an upload.",
    ]);
  });

  test("an orphaned snapshot that its node does not list", async () => {
    const thing = {
      kind: "Snapshot",
      id: `${NODE}/${KEY}/golden`,
      name: "golden",
      rentOrder: undefined,
    } as const;
    await expect(
      lab.run(removeOrphan(lab.context({}), { ...thing, remoteId: undefined } as never)),
    ).rejects.toThrow(
      `could not delete snapshot ${NODE}/${KEY}/golden: its node has no call for it; it goes with its VM.`,
    );
  });
});
