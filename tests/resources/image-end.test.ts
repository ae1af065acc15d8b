import { image } from "../../provider/resources/image";
import { count, create, lab, MINUTE, onNode, useLab } from "./image-lab";
import { BOB, NODE } from "./lab";

useLab();

describe("its end", () => {
  test("leaves the file on the node, unless told otherwise", async () => {
    const made = await create();
    lab.restart();
    lab.simulator.clearRequests();
    await lab.delete(image, made);
    expect(lab.simulator.requests).toEqual([]);
    expect(onNode()).toContain("pytorch.qcow2");
    await lab.delete(image, { ...made, state: { ...made.state, deleteFromNode: true } });
    expect(onNode()).not.toContain("pytorch.qcow2");
    await lab.delete(image, { ...made, state: { ...made.state, deleteFromNode: true } });
    expect(lab.writes().every((write) => write.startsWith("images.delete"))).toBe(true);
  });

  test.each(["lost-answer", "timeout", "late-effect"] as const)(
    "survives %s of the deletion",
    async (kind) => {
      const made = await create({ deleteFromNode: true });
      lab.restart();
      lab.simulator.arm({ kind, operation: "images.delete" });
      await lab.delete(image, made);
      await lab.clock.advance(MINUTE);
      expect(onNode()).not.toContain("pytorch.qcow2");
    },
  );

  test("waits for somebody's transfer of the file", async () => {
    const made = await create({ deleteFromNode: true });
    lab.restart();
    await lab.run(lab.site.client.uploadImage(NODE, { imageServer: "lab", path: "/data/pytorch.qcow2" }));
    await lab.delete(image, made);
    expect(onNode()).not.toContain("pytorch.qcow2");
  });

  test("of a renamed resource does not take the image from its successor", async () => {
    const urn = (name: string) => `urn:pulumi:dev::test::pulumi-nodejs:dynamic/dbc:Image::${name}`;
    const made = await create({ deleteFromNode: true, __urn: urn("a") });
    await create({ deleteFromNode: true, __urn: urn("b") });
    await lab.delete(image, made);
    expect(onNode()).toContain("pytorch.qcow2");
  });

  test("during a download stops it", async () => {
    lab.simulator.arm({
      kind: "refusal",
      operation: "images.downloadprogress",
      after: 8,
      message: "check authority failed: not in verify time",
    });
    const broken = await create();
    expect(broken.reason).toMatch(/the node said "check authority failed: not in verify time"/);
    expect(broken.state.phase).toBe("transferring");
    expect(lab.simulator.requireNode(NODE).transfers).toHaveLength(1);
    lab.restart();
    await lab.delete(image, broken);
    expect(count("images.download_stop")).toBe(1);
    expect(lab.simulator.requireNode(NODE).transfers).toEqual([]);
    expect(onNode()).not.toContain("pytorch.qcow2");
  });

  test("after the rental succeeds with a warning", async () => {
    const made = await create({ deleteFromNode: true });
    await lab.simulator.endRental(NODE, undefined, { prune: true });
    lab.restart();
    await lab.delete(image, made);
    expect(lab.warnings).toEqual([
      expect.stringMatching(/the rental of node .* is over: .* is forgotten here/),
    ]);
  });
});

describe("a refresh", () => {
  test("sees what is gone, what is hidden, and what nobody can tell", async () => {
    const made = await create();
    await lab.simulator.removeImage(NODE, "pytorch.qcow2");
    lab.restart();
    await lab.simulator.setImageServer("lab", { reachable: false });
    await expect(lab.refresh(image, made)).rejects.toThrow(
      /nobody can tell whether image pytorch.qcow2 on node .* is still there/,
    );
    await lab.simulator.setImageServer("lab", { reachable: true });
    lab.restart();
    expect(await lab.refresh(image, made)).toBeUndefined();
  });

  test("through another account refuses to judge", async () => {
    const made = await create();
    const other = { ...made, state: { ...made.state, __account: "of somebody else" } };
    await expect(lab.refresh(image, other)).rejects.toThrow(/was recorded through another account/);
    lab.restart(BOB);
    await expect(lab.refresh(image, made)).rejects.toThrow(/wallet not rented/);
    expect(lab.writes()).toHaveLength(1);
  });

  test("`get` finds an image that is there, and only that", async () => {
    expect(await lab.get(image, `${NODE}/ubuntu.qcow2`)).toMatchObject({
      name: "ubuntu.qcow2",
      size: "4.5G",
    });
    await expect(lab.get(image, `${NODE}/absent.qcow2`)).rejects.toThrow(/there is no Image with the id/);
    await expect(lab.get(image, "x")).rejects.toThrow(/must be <nodeId>\/<fileName>/);
  });
});
