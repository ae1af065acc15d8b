import { Lab } from "./lab";

describe("disks", () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await Lab.start();
  });
  afterEach(() => lab.close());

  test("grow by what is asked, not to it, and twice when asked twice (h6)", async () => {
    const id = await lab.stopped({ disk_size: "10" });
    for (const size of ["15G", "20G"]) {
      expect(await lab.ask(`/disk/resize/${id}`, { disk: "vdb", size: 5 })).toBe("ok");
      await lab.seconds(1);
      expect(await lab.disks(id)).toMatchObject({ vdb: size });
    }
  });

  test("want the VM off, and tell nothing while they change (h6)", async () => {
    const id = await lab.running();
    expect(await lab.ask(`/disk/add/${id}`, { size: 5 })).toBe("please close task first and try again");
    await lab.ask(`/tasks/poweroff/${id}`);
    await lab.seconds(1);
    expect(await lab.ask(`/disk/add/${id}`, { size: 5 })).toBe("ok");
    expect([await lab.status(id), Object.keys(await lab.disks(id))]).toEqual(["closed", ["vda", "vdb"]]);
    await lab.seconds(1);
    expect(Object.keys(await lab.disks(id))).toEqual(["vda", "vdb", "vdc"]);
  });

  test("get the letter after the last: the last is used again, a gap is not (h6)", async () => {
    const id = await lab.stopped();
    const add = async () => {
      await lab.ask(`/disk/add/${id}`, { size: 2 });
      await lab.seconds(1);
    };
    const remove = async (disk: string) => {
      await lab.ask(`/disk/delete/${id}`, { disk });
      await lab.seconds(1);
    };
    await add();
    await add();
    await remove("vdc");
    await add();
    expect(Object.keys(await lab.disks(id))).toEqual(["vda", "vdb", "vdd", "vde"]);
    await remove("vde");
    await add();
    expect(Object.keys(await lab.disks(id))).toEqual(["vda", "vdb", "vdd", "vde"]);
    expect(await lab.ask(`/disk/delete/${id}`, { disk: "vda" })).toBe("can not allowed to delete disk:'vda'");
  });

  test.each(["add", "resize", "delete"])("that fail to %s say ok and stay as they are (h6)", async (verb) => {
    const id = await lab.stopped();
    const before = await lab.disks(id);
    lab.simulator.arm({ kind: "disk-error" });
    expect(await lab.ask(`/disk/${verb}/${id}`, { disk: "vdb", size: 5 })).toBe("ok");
    await lab.seconds(600);
    expect([await lab.status(id), await lab.disks(id)]).toEqual(["closed", before]);
  });

  test("show 350G for the system until the node restarts (h6)", async () => {
    const id = await lab.stopped();
    expect(await lab.disks(id)).toMatchObject({ vda: "350G" });
    await lab.simulator.restartMiner(lab.node);
    expect(await lab.disks(id)).toMatchObject({ vda: "40G" });
  });
});
