import { z } from "zod";
import type { Commands } from "../service/commands";
import type { InterconnectSimulator } from "./simulator";

/** Commands of the control endpoint: the rows that were written, and the switches. */
export function interconnectCommands(simulator: InterconnectSimulator): Commands {
  return {
    world: () => ({
      places: simulator.world.places,
      tasks: simulator.world.tasks,
      switches: simulator.world.switches,
    }),
    journal: (input) => {
      const { call } = z.strictObject({ call: z.string().optional() }).parse(input);
      return { rows: simulator.journal.filter((row) => call === undefined || row.call === call) };
    },
    "clear-journal": () => {
      simulator.world.journal = [];
      simulator.save();
    },
    switches: (input) => {
      const change = z
        .strictObject({
          mode: z.enum(["seed", "strict", "draft"]).optional(),
          errorStatus: z.boolean().optional(),
          textCodes: z.boolean().optional(),
        })
        .parse(input);
      Object.assign(simulator.world.switches, change);
      simulator.save();
    },
  };
}
