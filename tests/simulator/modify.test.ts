import { Lab } from "./lab";

describe("a modify", () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await Lab.start();
  });
  afterEach(() => lab.close());

  test("takes the public address away unless it is said again (h9)", async () => {
    const id = await lab.running({ public_ip: "203.0.113.7" });
    const task = lab.simulator.requireNode(lab.node).tasks[id];
    expect(await lab.ask(`/tasks/modify/${id}`, { new_public_ip: "203.0.113.7", new_ssh_port: "22" })).toBe(
      "ok",
    );
    expect(task?.publicIp).toBe("203.0.113.7");
    expect(await lab.ask(`/tasks/modify/${id}`, { new_ssh_port: "2222" })).toBe("ok");
    expect(task?.publicIp).toBe("");
  });

  test("keeps what it did before it was refused (h9)", async () => {
    const id = await lab.running();
    expect(await lab.ask(`/tasks/modify/${id}`, { new_ssh_port: "20009", new_gpu_count: "99" })).toBe(
      "allocate gpu failed",
    );
    expect(await lab.ask(`/tasks/${id}`)).toMatchObject({ ssh_port: "20009", gpu_count: 1 });
  });

  test("of what the hardware is waits for the next boot from power-off (h9)", async () => {
    const id = await lab.running();
    const booted = () => lab.simulator.requireNode(lab.node).tasks[id]?.bootedWith?.memoryKib;
    const before = booted();
    expect(await lab.ask(`/tasks/modify/${id}`, { new_mem_size: "32" })).toBe(
      "some changes will take effect on the next boot",
    );
    await lab.ask(`/tasks/restart/${id}`);
    await lab.seconds(2);
    expect(booted()).toBe(before);
    await lab.ask(`/tasks/poweroff/${id}`);
    await lab.ask(`/tasks/start/${id}`);
    await lab.seconds(3);
    await lab.ask(`/tasks/start/${id}`);
    await lab.seconds(3);
    expect(booted()).toBe(32 * 1024 ** 2);
  });

  test("passes numbers over and says ok (h4, h9)", async () => {
    const id = await lab.running();
    expect(await lab.ask(`/tasks/modify/${id}`, { new_ssh_port: 20_010, new_cpu_cores: 8 })).toBe("ok");
    expect(await lab.ask(`/tasks/${id}`)).toMatchObject({ ssh_port: "20001", cpu_cores: 4 });
  });
});
