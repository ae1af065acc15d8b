/** A simulator in a process of its own, to be killed: its folder is the argument, its port the first line it writes. */
import { alice, startSimulator, type WorldSeed } from "../../simulator";

export const soakNodes = Array.from({ length: 20 }, (_, index) => `${index + 10}`.repeat(32));

const world: WorldSeed = {
  imageServers: [{ id: "lab", images: ["ubuntu.qcow2"] }],
  nodes: soakNodes.map((id) => ({ id, images: ["ubuntu.qcow2"], rentals: [{ renter: alice }] })),
};

if (require.main === module) {
  // Whose parent has gone is of no use any more.
  process.stdin.resume().once("end", () => process.exit());
  startSimulator({ state: process.argv[2], seed: world, profile: "fast" })
    .then((simulator) => process.stdout.write(`${simulator.port}\n`))
    .catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      process.exit(1);
    });
}
