import { imageUpload } from "../../provider/resources/image-upload";
import { args, count, create, lab, MINUTE, onServer, transfers, useLab } from "./image-upload-lab";
import { NODE } from "./lab";

useLab();

describe("on a bad day", () => {
  test.each(["lost-answer", "timeout", "late-effect", "unparsable-answer", "cut-answer"] as const)(
    "%s of the order ends with one image",
    async (kind) => {
      lab.simulator.arm({ kind, operation: "images.upload" });
      const made = await create();
      expect(made.state.phase).toBe("ready");
      expect(onServer().filter((name) => name === "own.qcow2")).toHaveLength(1);
      expect(count("images.upload")).toBe(kind === "timeout" ? 2 : 1);
    },
  );

  test.each(["slow-answer", "lost-answer", "html-body", "timeout"] as const)(
    "%s of the progress does no harm",
    async (kind) => {
      lab.simulator.arm({ kind, operation: "images.uploadprogress", times: 3 });
      expect((await create()).state.phase).toBe("ready");
      expect(count("images.upload")).toBe(1);
    },
  );

  test("one that fails in silence, and says done, is begun again", async () => {
    lab.simulator.arm({ kind: "transfer-error" });
    expect((await create()).state.phase).toBe("ready");
    expect(count("images.upload")).toBe(2);
  });

  test("one that always fails says so, and the next up begins again", async () => {
    await lab.simulator.setImageServer("lab", { reachable: false });
    const failed = await create();
    expect(failed.reason).toMatch(
      /^uploading \/data\/own.qcow2 of node a1a1a1a1… to image server lab failed 3 times: it ends, and the file is not there; the node may not reach the image server/,
    );
    expect(failed.state).toMatchObject({ phase: "stopped", image: "own.qcow2" });
    await lab.simulator.setImageServer("lab", { reachable: true });
    lab.restart();
    expect((await lab.refresh(imageUpload, failed))?.state.phase).toBe("stopped");
    const mended = await lab.update(imageUpload, failed, args());
    expect(mended).toMatchObject({ did: "update", state: { phase: "ready", size: "8G" } });
  });

  test("one that stands still is stopped and given up after 12 minutes", async () => {
    lab.simulator.arm({ kind: "transfer-stall", seconds: 86_400 });
    const begun = lab.clock.now();
    const stalled = await create();
    expect(stalled.reason).toMatch(/^gave up uploading .*: it stood at (?:4\d|50) % for 12 min/);
    expect(stalled.state.phase).toBe("stopped");
    expect(lab.clock.now() - begun).toBeLessThan(16 * MINUTE);
    expect(lab.writes().at(-1)).toBe('images.upload_stop {"image_filename":"/data/own.qcow2"}');
    expect(transfers()).toEqual([]);
    expect((await lab.update(imageUpload, stalled, args())).state.phase).toBe("ready");
  });

  test("the user's own deadline ends it, and it is stopped", async () => {
    const ended = await create({ timeouts: { create: "1m" } });
    expect(ended.reason).toMatch(/it took longer than the 60 s that timeouts allow/);
    expect(count("images.upload_stop")).toBe(1);
    expect(transfers()).toEqual([]);
  });

  test("a node that restarts forgets the upload, which is begun again", async () => {
    lab.clock.at(lab.clock.time() + 60_000, () => void lab.simulator.restartMiner(NODE));
    expect((await create()).state.phase).toBe("ready");
    expect(count("images.upload")).toBe(2);
    expect(onServer().filter((name) => name === "own.qcow2")).toHaveLength(1);
  });

  test("a run that was killed is gone on with: the upload is joined", async () => {
    // the first run's provider process lives on, as it does after a killed engine
    const first = create();
    await lab.clock.advance(60_000);
    lab.restart();
    expect((await create()).state.phase).toBe("ready");
    expect((await first).state.phase).toBe("ready");
    const accepted = lab.simulator.requests.filter(
      ({ operation, errcode }) => operation === "images.upload" && errcode === 0,
    );
    expect(accepted).toHaveLength(1);
  });

  test("one that nobody could stop is gone on with by the next up", async () => {
    lab.clock.at(lab.clock.time() + 60_000, () => void lab.simulator.setLink(NODE, "frozen"));
    const lost = await create();
    expect(lost.state.phase).toBe("transferring");
    lab.restart();
    await lab.simulator.setLink(NODE, "online");
    // the node went on with it meanwhile
    expect((await lab.update(imageUpload, lost, args())).state).toMatchObject({ phase: "ready", size: "8G" });
    expect(count("images.upload")).toBe(1);
  });
});
