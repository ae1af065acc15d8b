import { Lab } from "./lab";

describe("images and snapshots", () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await Lab.start();
    await lab.simulator.setImageServer("lab", { reachable: true });
  });
  afterEach(() => lab.close());
  const download = (name = "pytorch.qcow2") =>
    lab.ask("/images/download", { image_server: "lab", image_filename: name, local_dir: "/data" });
  const progress = (name: string, kind = "download") =>
    lab.ask(`/images/${kind}progress`, { image_filename: name });
  const names = async () => JSON.stringify(await lab.ask("/images"));
  const done = { status: "done", progress: "100%" };

  test("are done 100% when nobody ever asked for them (h7)", async () => {
    expect(await progress("never.qcow2")).toEqual(done);
    expect(await progress("never.qcow2", "upload")).toEqual(done);
    expect(await lab.ask("/images/download_stop", { image_filename: "never.qcow2" })).toBe("ok");
  });

  test("come with a progress, and are told by the list alone (h7)", async () => {
    expect(await download()).toBe("ok");
    expect(await download()).toBe("image:pytorch.qcow2 in downloading");
    await lab.seconds(3);
    expect(await progress("pytorch.qcow2")).toEqual({ status: "downloading", progress: "48%" });
    expect(await names()).not.toContain("pytorch");
    await lab.seconds(10);
    expect(await progress("pytorch.qcow2")).toEqual(done);
    expect(await names()).toContain("pytorch");
  });

  test("that fail, or are stopped, or whose node restarts, look done (h7)", async () => {
    lab.simulator.arm({ kind: "transfer-error" });
    await download();
    await lab.seconds(20);
    expect([await progress("pytorch.qcow2"), await names()]).toEqual([
      done,
      expect.not.stringContaining("pytorch"),
    ]);
    await download();
    await lab.seconds(1);
    await lab.ask("/images/download_stop", { image_filename: "pytorch.qcow2" });
    expect(await progress("pytorch.qcow2")).toEqual(done);
    await download();
    await lab.seconds(1);
    await lab.simulator.restartMiner(lab.node);
    expect(await progress("pytorch.qcow2")).toEqual(done);
    expect(await names()).not.toContain("pytorch");
  });

  test("go up under their whole path, and no other name knows them (h7)", async () => {
    await lab.ask("/images/upload", { image_server: "lab", image_filename: "ubuntu.qcow2" });
    await lab.seconds(1);
    expect(await progress("ubuntu.qcow2", "upload")).toEqual(done);
    expect(await progress("/data/ubuntu.qcow2", "upload")).toMatchObject({ status: "uploading" });
    await lab.ask("/images/upload_stop", { image_filename: "ubuntu.qcow2" });
    expect(await progress("/data/ubuntu.qcow2", "upload")).toMatchObject({ status: "uploading" });
  });

  const snapshot = async (id: string, name: string) =>
    lab.ask(`/snapshot/create/${id}`, { snapshot_name: name, desc: "d", image_server: "lab" });
  const listed = async (id: string) =>
    (await lab.ask(`/snapshot/list/${id}`)) as unknown as { snapshot_name: string; status: string }[];
  const onServer = () =>
    lab.simulator.world.imageServers[0]?.images.filter(({ name }) => name.startsWith("snap_"));

  test.each([false, true])(
    "a snapshot ends in none, whether its upload fails or not: %s (h7)",
    async (fails) => {
      const id = await lab.stopped();
      if (fails) lab.simulator.arm({ kind: "snapshot-error" });
      expect(await snapshot(id, "s1")).toBe("ok");
      expect(await listed(id)).toMatchObject([{ snapshot_name: "s1", status: "creating" }]);
      await lab.seconds(60);
      expect(await listed(id)).toMatchObject([{ snapshot_name: "s1", status: "none" }]);
      expect(onServer()).toHaveLength(fails ? 0 : 1);
    },
  );

  test("names of snapshots may repeat, and deleting takes the first (h7)", async () => {
    const id = await lab.stopped();
    await snapshot(id, "same");
    await snapshot(id, "same");
    expect((await listed(id)).map(({ snapshot_name }) => snapshot_name)).toEqual(["same", "same"]);
    await lab.seconds(60);
    expect(await lab.ask(`/snapshot/delete/${id}/same`)).toBe("ok");
    expect(await listed(id)).toHaveLength(1);
    expect(await lab.ask(`/snapshot/delete/${id}/other`)).toBe("other not exist");
  });
});
