/** What peers do: every VM is asked for by itself. */
import type { Clock } from "../../provider/core/effects";
import { post, Renter } from "../simulator/renter";
import type { Arrival, Fleet } from "./fleet";

/** How long until the next question, given how many were asked. */
type Pause = (asked: number) => number;

/** A naive dynamic provider: one detail per VM every 5 s. */
export const everyFiveSeconds: Pause = () => 5_000;

/** A careful one: 0.5 s, doubling to 10 s. */
export const backingOff: Pause = (asked) => Math.min(10_000, 500 * 2 ** asked);

/** Brings up a fleet with a poller for each VM. */
export const upByPolling = async (fleet: Fleet, pause: Pause): Promise<Arrival[]> => {
  const { lab, nodeIds } = fleet;
  const renter = new Renter();
  const call = lab.clock.track((path: string, body: object) =>
    post(lab.simulator, path, JSON.stringify(body)),
  );
  const clock: Clock = lab.clock;
  const one = async (nodeId: string, index: number, session: object): Promise<Arrival> => {
    const ask = { peer_nodes_list: [nodeId], additional: {}, ...session };
    const made = await call("/tasks/start", {
      ...ask,
      additional: {
        image_name: "ubuntu.qcow2",
        operation_system: "linux",
        gpu_count: "0",
        cpu_cores: "4",
        mem_size: "8",
        disk_size: "10",
        ssh_port: `${20_000 + index}`,
        vnc_port: `${5_901 + index}`,
      },
    });
    const taskId = String(made.message?.task_id);
    for (let asked = 0; ; asked++) {
      const { message } = await call(`/tasks/${taskId}`, ask);
      if (String(message?.status) === "running")
        return { nodeId, readyAt: fleet.readyAt(`${nodeId}/${taskId}`), returnedAt: clock.now() };
      await clock.sleep(pause(asked));
    }
  };
  return lab.run(
    Promise.all(
      nodeIds.flatMap((nodeId) => {
        const signedIn = call("/mining_nodes/session_id", {
          peer_nodes_list: [nodeId],
          additional: {},
          ...renter.auth(),
        }).then(({ message }) => renter.session(String(message?.session_id)));
        return Array.from({ length: fleet.vms }, async (_, index) => one(nodeId, index, await signedIn));
      }),
    ),
  );
};
