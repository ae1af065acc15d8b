import { image } from "../../provider/resources/image";
import { patienceMs } from "../../provider/resources/transfer";
import { args, count, create, lab, MIB, MINUTE, onNode, orders, PROFILE, useLab } from "./image-lab";
import { NODE } from "./lab";

useLab();

describe("on a bad day", () => {
  test.each(["lost-answer", "timeout", "late-effect", "unparsable-answer", "cut-answer"] as const)(
    "%s of the order ends with one image",
    async (kind) => {
      lab.simulator.arm({ kind, operation: "images.download" });
      const made = await create();
      expect(made.state.phase).toBe("ready");
      expect(onNode().filter((name) => name === "pytorch.qcow2")).toHaveLength(1);
      expect(count("images.download")).toBe(kind === "timeout" ? 2 : 1);
    },
  );

  test.each(["slow-answer", "lost-answer", "html-body", "timeout"] as const)(
    "%s of the progress does no harm",
    async (kind) => {
      lab.simulator.arm({ kind, operation: "images.downloadprogress", times: 3 });
      expect((await create()).state.phase).toBe("ready");
      expect(count("images.download")).toBe(1);
    },
  );

  test("a download that fails in silence is begun again", async () => {
    lab.simulator.arm({ kind: "transfer-error" });
    expect((await create()).state.phase).toBe("ready");
    expect(count("images.download")).toBe(2);
  });

  test("one that always fails says so, and the next up begins again", async () => {
    lab.simulator.arm({ kind: "transfer-error", times: null });
    const failed = await create();
    expect(failed.reason).toMatch(
      /^downloading pytorch.qcow2 from image server lab to node a1a1a1a1… failed 3 times: it ends, and the file is not there; the node may/,
    );
    expect(failed.state.phase).toBe("stopped");
    lab.simulator.disarm();
    expect((await lab.refresh(image, failed))?.state.phase).toBe("stopped");
    const mended = await lab.update(image, failed, args());
    expect(mended.did).toBe("update");
    expect(mended.state).toMatchObject({ phase: "ready", size: "12.5G" });
  });

  test("one that stands still is stopped and given up after 12 minutes", async () => {
    lab.simulator.arm({ kind: "transfer-stall", seconds: 86_400 });
    const begun = lab.clock.now();
    const stalled = await create();
    expect(stalled.reason).toMatch(/^gave up downloading .*: it stood at 4\d|50 % for 12 min/);
    expect(stalled.state.phase).toBe("stopped");
    expect(lab.clock.now() - begun).toBeLessThan(16 * MINUTE);
    expect(count("images.download_stop")).toBe(1);
    expect(lab.simulator.requireNode(NODE).transfers).toEqual([]);
    expect((await lab.update(image, stalled, args())).state.phase).toBe("ready");
  });

  test("one that the node itself breaks off is begun again", async () => {
    lab.simulator.arm({ kind: "transfer-stall" });
    expect((await create()).state.phase).toBe("ready");
    expect(count("images.download")).toBe(2);
    expect(count("images.download_stop")).toBe(0);
  });

  test("a slow one goes on for as long as it moves", async () => {
    lab.simulator.setProfile({ ...PROFILE, transferRate: 8 * MIB });
    const begun = lab.clock.now();
    expect((await create()).state.phase).toBe("ready");
    expect(lab.clock.now() - begun).toBeGreaterThan(2 * 12 * MINUTE);
  });

  test("the user's own deadline ends it", async () => {
    const ended = await create({ timeouts: { create: "1m" } });
    expect(ended.reason).toMatch(/it took longer than the 60 s that timeouts allow/);
    expect(count("images.download_stop")).toBe(1);
  });

  test("patience grows with the size", () => {
    expect(patienceMs(undefined)).toBe(12 * MINUTE);
    expect(patienceMs(12.5)).toBe(12 * MINUTE);
    expect(patienceMs(1024)).toBe(10_485_760);
  });

  test("a node that restarts forgets the download, which is begun again", async () => {
    lab.clock.at(lab.clock.time() + 60_000, () => void lab.simulator.restartMiner(NODE));
    expect((await create()).state.phase).toBe("ready");
    expect(count("images.download")).toBe(2);
  });

  test("a node that is away for a while is waited for", async () => {
    const { clock, simulator } = lab;
    clock.at(clock.time() + 60_000, () => void simulator.setLink(NODE, "offline"));
    clock.at(clock.time() + 660_000, () => void simulator.setLink(NODE, "online"));
    expect((await create()).state.phase).toBe("ready");
    expect(lab.clock.now()).toBeGreaterThan(660_000);
    expect(count("images.download")).toBe(1);
  });

  test("one that stays away leaves partial state, which the next up goes on with", async () => {
    const { clock, simulator } = lab;
    clock.at(clock.time() + 60_000, () => void simulator.setLink(NODE, "frozen"));
    const lost = await create();
    expect(lost.reason).toMatch(/it stood at .* It could not be stopped/);
    expect(lost.state.phase).toBe("transferring");
    lab.restart();
    await simulator.setLink(NODE, "online");
    // the node went on with it meanwhile
    const again = await lab.update(image, lost, args());
    expect(again).toMatchObject({ did: "update", state: { phase: "ready", size: "12.5G" } });
    expect(orders()).toHaveLength(1);
  });

  test("a run that was killed is gone on with: the download is joined", async () => {
    // the first run's provider process lives on, as it does after a killed engine
    const first = create();
    await lab.clock.advance(60_000);
    lab.restart();
    const second = create();
    expect((await second).state.phase).toBe("ready");
    expect((await first).state.phase).toBe("ready");
    expect(orders()).toHaveLength(1);
  });
});
