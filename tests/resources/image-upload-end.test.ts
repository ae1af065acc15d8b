import { imageUpload } from "../../provider/resources/image-upload";
import { count, create, lab, onServer, server, transfers, useLab } from "./image-upload-lab";
import { BOB, NODE } from "./lab";

useLab();

describe("its end", () => {
  test("leaves the image on the server, and says so", async () => {
    const made = await create();
    lab.restart();
    lab.simulator.clearRequests();
    await lab.delete(imageUpload, made);
    expect(lab.simulator.requests).toEqual([]);
    expect(lab.warnings).toEqual([
      "own.qcow2 on image server lab stays there: no call of the node can remove it.",
    ]);
    expect(onServer()).toContain("own.qcow2");
  });

  test("during an upload stops it", async () => {
    lab.simulator.arm({
      kind: "refusal",
      operation: "images.uploadprogress",
      after: 8,
      message: "check authority failed: not in verify time",
    });
    const broken = await create();
    expect(broken.state.phase).toBe("transferring");
    expect(transfers()).toHaveLength(1);
    lab.restart();
    await lab.delete(imageUpload, broken);
    expect(count("images.upload_stop")).toBe(1);
    expect(transfers()).toEqual([]);
    expect(onServer()).not.toContain("own.qcow2");
    expect(lab.warnings).toEqual([]);
  });

  test("during an upload after the rental succeeds with a warning", async () => {
    const made = await create();
    await lab.simulator.endRental(NODE, undefined, { prune: true });
    lab.restart();
    await lab.delete(imageUpload, { ...made, state: { ...made.state, phase: "transferring" } });
    expect(lab.warnings).toEqual([
      expect.stringMatching(/the rental of node .* is over: the upload of own.qcow2 .* is forgotten here/),
    ]);
  });

  test("through another account refuses to touch an upload under way", async () => {
    const made = await create();
    const underWay = { ...made.state, phase: "transferring" };
    const other = { ...made, state: { ...underWay, __account: "of somebody else" } };
    await expect(lab.delete(imageUpload, other)).rejects.toThrow(/was recorded through another account/);
    lab.restart(BOB);
    await expect(lab.delete(imageUpload, { ...made, state: underWay })).rejects.toThrow(/wallet not rented/);
    expect(count("images.upload_stop")).toBe(0);
  });
});

describe("a refresh", () => {
  test("sees what is gone, and what nobody can tell", async () => {
    const made = await create();
    await lab.simulator.setImageServer("lab", { reachable: false });
    lab.restart();
    await expect(lab.refresh(imageUpload, made)).rejects.toThrow(
      /^nobody can tell whether own.qcow2 on image server lab is still there: that server lists nothing/,
    );
    await lab.simulator.setImageServer("lab", { reachable: true });
    lab.restart();
    expect(await lab.refresh(imageUpload, made)).toBeDefined();
    server().images = server().images.filter(({ name }) => name !== "own.qcow2");
    lab.restart();
    expect(await lab.refresh(imageUpload, made)).toBeUndefined();
  });

  test("believes no list that misses it once", async () => {
    const made = await create();
    const { images } = server();
    server().images = [...images.filter(({ name }) => name !== "own.qcow2")];
    lab.clock.at(lab.clock.time() + 2_000, () => {
      server().images = images;
    });
    lab.restart();
    expect((await lab.refresh(imageUpload, made))?.state).toMatchObject(made.state);
  });

  test("of ten uploads asks a server once", async () => {
    const made = await create();
    lab.restart();
    lab.simulator.clearRequests();
    await Promise.all(Array.from({ length: 10 }, () => lab.refresh(imageUpload, made)));
    expect(count("images.list")).toBe(1);
  });

  test("`get` finds an image of a server, and only that", async () => {
    expect(await lab.get(imageUpload, "lab/pytorch.qcow2")).toMatchObject({
      image: "pytorch.qcow2",
      imageServer: "lab",
      size: "12.5G",
    });
    await expect(lab.get(imageUpload, "lab/absent.qcow2")).rejects.toThrow(
      /there is no ImageUpload with the id/,
    );
    await expect(lab.get(imageUpload, "x")).rejects.toThrow(/must be <imageServer>\/<fileName>/);
  });
});
