import { type Simulator, startSimulator, VirtualClock } from "../../simulator";
import { plainVm, Renter } from "./renter";

describe("the life of a virtual machine", () => {
  let simulator: Simulator;
  let alice: Renter;

  beforeEach(async () => {
    simulator = await startSimulator();
    alice = new Renter();
  });
  afterEach(() => simulator.close());

  const status = async (): Promise<string> => {
    const list = await alice.call(simulator, "/tasks");
    return list.message[0]?.status;
  };

  test("goes from creating to running, is stopped, started and deleted", async () => {
    const taskId = "AAAAAAAAAABBBBBBBBBB";
    const created = await alice.call(simulator, "/tasks/start", { ...plainVm, task_id: taskId });
    expect(created.text).toBe(
      `{"errcode":0, "message":{"task_id":"${taskId}", "create_time":"2026-01-01 12:00:00", "desc":"hello", "status":"creating"}}\r\n`,
    );
    // Before the machine is defined, verbs say that there is no such task.
    expect((await alice.call(simulator, `/tasks/delete/${taskId}`)).message).toBe("task not exist");
    await simulator.advance(1000);
    expect(await status()).toBe("creating");
    await simulator.advance(2000);
    expect(await status()).toBe("running");
    const detail = await alice.call(simulator, `/tasks/${taskId}`);
    expect(detail.message).toMatchObject({
      ssh_port: "20001",
      user_name: "dbc",
      cpu_cores: 4,
      gpu_count: 1,
      mem_size: "16G",
    });
    expect(detail.message.vnc_password).toBe(detail.message.login_password.slice(0, 8));
    expect((await alice.call(simulator, `/tasks/start/${taskId}`)).message).toBe("task is running");
    expect((await alice.call(simulator, `/tasks/poweroff/${taskId}`)).message).toBe("ok");
    expect(await status()).toBe("being poweroff");
    await simulator.advance(1000);
    expect(await status()).toBe("closed");
    expect((await alice.call(simulator, `/tasks/poweroff/${taskId}`)).message).toBe("task is shut_off");
    await alice.call(simulator, `/tasks/start/${taskId}`);
    await simulator.advance(1000);
    expect(await status()).toBe("running");
    await alice.call(simulator, `/tasks/delete/${taskId}`);
    expect(await status()).toBe("deleting");
    await simulator.advance(1000);
    expect(await status()).toBeUndefined();
    expect((await alice.call(simulator, `/tasks/${taskId}`)).text).toBe(
      '{"errcode":-3, "message":"task_id not exist"}\r\n',
    );
    expect((await alice.call(simulator, `/tasks/delete/${taskId}`)).text).toBe(
      '{"errcode":1, "message":"task not exist"}\r\n',
    );
  });

  test("a running clock steps to what happens next by itself", async () => {
    const { clock } = simulator;
    if (!(clock instanceof VirtualClock)) throw new Error("virtual by default");
    const work = (async () => {
      await alice.call(simulator, "/tasks/start", plainVm);
      let polls = 0;
      while ((await status()) !== "running") {
        polls++;
        await clock.sleep(1000);
      }
      return polls;
    })();
    expect(await clock.runUntil(work)).toBe(3);
  });
});
