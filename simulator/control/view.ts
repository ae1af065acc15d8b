import { freeDisk, freeMemory } from "../miner/accounting";
import { openedPorts } from "../miner/port-maps";
import { Site } from "../miner/site";
import type { Simulator } from "../simulator";
import { scaleSize } from "../size";
import { statusNow } from "../world/chain";
import { usableCores } from "../world/node";
import { totalCores } from "../world/task";
import { blockAt } from "../world/world";

/** The world as people want to see it: who rents what, what runs where, and what is waiting. */
export function showWorld({ engine, url }: Simulator): unknown {
  const { world, clock } = engine;
  return {
    endpoint: url,
    time: clock.today().toISOString(),
    block: blockAt(world, clock.time()),
    profile: engine.profile.name,
    client: world.client,
    imageServers: world.imageServers,
    lans: world.lans,
    faults: engine.faults.armed,
    nodes: Object.values(world.nodes).map((node) => {
      const site = new Site(engine, node);
      return {
        id: node.id,
        name: node.name,
        role: node.role,
        link: node.link,
        room: node.room,
        libvirt: node.libvirt,
        machineStatus: statusNow(world, node, clock.time()),
        rentals: node.rentals,
        gpus: node.hardware.gpus.length,
        cores: usableCores(node.hardware),
        memory: scaleSize(node.hardware.memoryKib),
        freeMemory: scaleSize(freeMemory(site)),
        freeDisk: scaleSize(Math.max(0, freeDisk(site))),
        images: node.images.map((image) => image.name),
        sessions: node.sessions,
        queue: node.queue,
        transfers: node.transfers,
        bareMetal: node.servers,
        tasks: Object.values(node.tasks).map(({ log, ...task }) => ({
          ...task,
          cores: totalCores(task.cpu),
          openedPorts: openedPorts(task.customPorts),
        })),
      };
    }),
  };
}
