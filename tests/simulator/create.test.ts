import { Lab } from "./lab";

describe("a create", () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await Lab.start();
  });
  afterEach(() => lab.close());
  const ports = (n: number) => ({ ssh_port: `${20_000 + n}`, vnc_port: `${6000 + n}` });

  test("reads texts alone: a number is as good as nothing (h4)", async () => {
    expect(await lab.create({ cpu_cores: 4 })).toBe("cpu_cores is invalid");
    expect(await lab.create({ mem_size: 16 })).toBe("mem_size is invalid");
    expect(await lab.create({ disk_size: 100 })).toBe("disk_size is invalid (usage: disk_size > 0)");
    expect(await lab.create({ ssh_port: 20_001 })).toBe("ssh_port is empty");
    expect(await lab.create({ vnc_port: 5904 })).toBe("vnc_port is empty");
    expect(await lab.create({ image_name: 7 })).toBe("image_name is empty");
    // Without a number of GPUs there are none.
    const id = await lab.running({ gpu_count: 8 });
    expect(await lab.ask(`/tasks/${id}`)).toMatchObject({ gpu_count: 0 });
  });

  test("takes a threshold as text, and a disk's size as a whole number (h4)", async () => {
    const multisig = { wallets: ["5a"], threshold: 1, signs: [] };
    expect((await lab.answer("/tasks", {}, { auth: { multisig_accounts: multisig } })).message).toBe(
      "multisig_accounts member threshold is not string",
    );
    const id = await lab.stopped();
    await lab.ask(`/disk/add/${id}`, { size: 5 });
    await lab.seconds(1);
    expect(await lab.disks(id)).toMatchObject({ vdc: "5G" });
    // Anything but a number leaves the size to chance.
    expect(["ok", "'size' is invalid"]).toContain(await lab.ask(`/disk/add/${id}`, { size: "5" }));
    await lab.seconds(1);
    expect((await lab.disks(id)).vdd).not.toBe("5G");
  });

  test("reads numbers as far as they go, and ports round and round (h4)", async () => {
    const id = await lab.running({ cpu_cores: "4 cores", mem_size: "8.9", ssh_port: "85537", gpu_count: "" });
    expect(await lab.ask(`/tasks/${id}`)).toMatchObject({ cpu_cores: 4, mem_size: "8G", ssh_port: "20001" });
    expect(await lab.create({ ...ports(2), mem_size: "abc" })).toBe("mem_size is invalid");
    expect(await lab.create({ ...ports(2), vnc_port: "65537" })).toBe(
      "vnc_port is invalid (usage: [5900, 65535])",
    );
  });

  test("is refused by the first check of many that fails (h5)", async () => {
    const wrong = {
      task_id: "short",
      gpu_count: "-1",
      operation_system: "beos",
      bios_mode: "zz",
      image_name: "absent.qcow2",
      ssh_port: "abc",
      vnc_port: "80",
      cpu_cores: "0",
      mem_size: "0",
      disk_size: "0",
      network_name: "nolan1",
      interface_model_type: "virtio",
    };
    const order: readonly (readonly [keyof typeof wrong, string, string])[] = [
      ["task_id", "wrong task id length", "AAAAAAAAAABBBBBBBBBB"],
      ["gpu_count", "gpu_count is invalid (usage: gpu_count >= 0)", "1"],
      ["operation_system", "unsupported operation system: beos (usage: 'linux' 'windows')", "linux"],
      ["bios_mode", "unsupported bios mode: zz (usage: 'legacy(default)'、'uefi'、'pxe')", "legacy"],
      ["image_name", "'image_name' is not exist (path:/data/absent.qcow2)", "ubuntu.qcow2"],
      ["ssh_port", "ssh_port is not digit", "20001"],
      ["vnc_port", "vnc_port is invalid (usage: [5900, 65535])", "5904"],
      ["cpu_cores", "cpu_cores is invalid", "4"],
      ["mem_size", "mem_size is invalid", "16"],
      ["disk_size", "disk_size is invalid (usage: disk_size > 0)", "100"],
      ["network_name", "can not find network info", ""],
      ["interface_model_type", "invalid interface model type", "e1000"],
    ];
    const wish: Record<string, string> = { ...wrong };
    for (const [field, said, good] of order) {
      expect(await lab.create(wish)).toBe(said);
      wish[field] = good;
    }
    expect(await lab.create(wish)).toBe("AAAAAAAAAABBBBBBBBBB");
    expect(await lab.create(wish)).toBe("task id already existed");
  });

  test("counts cores, memory and ports of running VMs alone, and GPUs of all that are not off (h5)", async () => {
    const big = { cpu_cores: "40", gpu_count: "8" };
    const first = await lab.stopped({ ...big });
    // All that the first has is free for others while it is off.
    const second = await lab.running({ ...big });
    expect(await lab.ask(`/tasks/start/${first}`)).toBe("cpu count exceeds the maximum");
    expect(await lab.create({ ...ports(3), cpu_cores: "1", gpu_count: "1" })).toBe("allocate gpu failed");
    expect(await lab.create({ ...ports(3), cpu_cores: "40", gpu_count: "0" })).toBe("allocate cpu failed");
    expect(await lab.create({ ...ports(3), gpu_count: "0", mem_size: "500" })).toBe("allocate mem failed");
    expect(await lab.create({ gpu_count: "0", vnc_port: "6003" })).toBe(
      "port conflict, exist ssh_port = 20001",
    );
    await lab.ask(`/tasks/poweroff/${second}`);
    await lab.seconds(1);
    expect(await lab.ask(`/tasks/start/${first}`)).toBe("ok");
  });

  test("reserves nothing: two in quick succession both pass, though one machine can't hold them (h5)", async () => {
    const half = { cpu_cores: "40", gpu_count: "0" };
    const one = await lab.create(half);
    const two = await lab.create(half);
    expect(one).not.toBe(two);
    expect([one, two].every((id) => /^[1-9A-Za-z]{15,}$/.test(id))).toBe(true);
  });

  test("takes cores with which the VM never starts again (h5)", async () => {
    const id = await lab.running({ cpu_cores: "33" });
    await lab.ask(`/tasks/poweroff/${id}`);
    await lab.seconds(1);
    expect(await lab.ask(`/tasks/start/${id}`)).toBe("check cpu failed");
  });
});
