import { z } from "zod";
import type { Commands } from "../service/commands";
import { terminate } from "./lifecycle";
import type { ContainerSimulator } from "./simulator";
import type { Task } from "./world";

const byId = z.strictObject({ id: z.string() });

/** Commands of the control endpoint: looking at the world, and what happens behind everybody's back. */
export function containerCommands(simulator: ContainerSimulator): Commands {
  const taskOf = (id: string): Task => {
    const task = simulator.world.tasks.find((one) => one.id === id || one.name === id);
    if (task === undefined) throw new Error(`there is no task ${id}`);
    return task;
  };
  const changed = (): void => {
    simulator.settle();
    simulator.save();
  };
  return {
    world: () => ({
      regions: simulator.world.regions,
      tasks: simulator.world.tasks,
      switches: simulator.world.switches,
    }),
    "stop-task": (input) => {
      terminate(taskOf(byId.parse(input).id), simulator.clock.time());
      changed();
    },
    "delete-task": (input) => {
      const task = taskOf(byId.parse(input).id);
      simulator.world.tasks = simulator.world.tasks.filter((one) => one !== task);
      changed();
    },
    "busy-nodes": (input) => {
      const { group, nodes } = z
        .strictObject({ group: z.string(), nodes: z.number().int().nonnegative() })
        .parse(input);
      for (const region of simulator.world.regions)
        for (const one of region.groups) if (one.name === group) one.busyNodes = nodes;
      changed();
    },
    switches: (input) => {
      const known = Object.keys(simulator.world.switches);
      const change = z
        .record(
          z.string().refine((name) => known.includes(name)),
          z.unknown(),
        )
        .parse(input);
      Object.assign(simulator.world.switches, change);
      changed();
    },
  };
}
