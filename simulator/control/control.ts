import { VirtualClock } from "../clock";
import type { Engine } from "../engine";
import { type ArmedFault, type FaultOrder, Faults } from "../fault";
import { Site } from "../miner/site";
import { removeTask } from "../miner/worker";
import { type Profile, type ProfileName, profiles } from "../profile";
import type { MachineStatus, NodeState, Rental } from "../world/node";
import { type NodeSeed, nodeFromSeed, type WorldSeed, worldFromSeed } from "../world/seed";
import type { DomainState, Task } from "../world/task";
import { blockAt, type ImageServer } from "../world/world";

/** Something asked of the control endpoint that can't be done. */
export class ControlError extends Error {}

/** Everything that can be done to the world from outside; each change is kept before the call ends. */
export class Control {
  constructor(readonly engine: Engine) {}

  /** The world as plain data; changes of it are on one's own account. */
  get world(): Engine["world"] {
    return this.engine.world;
  }

  get faults(): readonly ArmedFault[] {
    return this.engine.faults.armed;
  }

  requireNode(nodeId: string): NodeState {
    const node = this.engine.node(nodeId);
    if (node === undefined) throw new ControlError(`there is no node ${nodeId}`);
    return node;
  }

  requireTask(nodeId: string, taskId: string): Task {
    const task = this.requireNode(nodeId).tasks[taskId];
    if (task === undefined) throw new ControlError(`there is no task ${taskId} on node ${nodeId}`);
    return task;
  }

  /** Replaces the whole world. */
  async seed(seed: WorldSeed): Promise<void> {
    await this.engine.stateFile?.clear();
    const { clock, dice } = this.engine;
    this.engine.world = worldFromSeed(seed, clock.time(), dice.below(2 ** 31));
    this.engine.faults = new Faults();
    this.engine.log.clear();
    this.restartClient();
    this.engine.resume();
    await this.engine.save();
  }

  /** Adds a node, or replaces one. */
  async addNode(seed: NodeSeed): Promise<void> {
    const { world, clock, profile } = this.engine;
    const node = nodeFromSeed(
      seed,
      clock.time(),
      blockAt(world, clock.time()),
      Object.keys(world.nodes).length,
    );
    node.seenAt = clock.time() + profile.gossip;
    world.nodes[node.id] = node;
    this.engine.miner(node.id).resume();
    await this.engine.save();
  }

  arm(fault: FaultOrder): number {
    const id = this.engine.faults.arm(fault);
    this.engine.saveSoon();
    return id;
  }

  disarm(id?: number): void {
    this.engine.faults.disarm(id);
    this.engine.saveSoon();
  }

  clearRequests(): void {
    this.engine.log.clear();
  }

  setProfile(profile: ProfileName | Profile): void {
    this.engine.profile = typeof profile === "string" ? profiles[profile] : profile;
  }

  /** Moves a virtual clock on. */
  async advance(milliseconds: number): Promise<void> {
    const { clock } = this.engine;
    if (!(clock instanceof VirtualClock))
      throw new ControlError("time runs by itself here; only a virtual clock can be advanced");
    await clock.advance(milliseconds);
  }

  /** Cuts a node off, freezes it, or brings it back; a thawed node goes on with what came in meanwhile. */
  async setLink(nodeId: string, link: NodeState["link"]): Promise<void> {
    const node = this.requireNode(nodeId);
    if (node.link === "online" || link === "online") node.seenAt = this.engine.clock.time();
    const thaws = node.link === "frozen" && link === "online";
    node.link = link;
    if (thaws) this.engine.miner(nodeId).thaw();
    await this.engine.save();
  }

  /** Restarts the node's process; with `host` the whole machine, whose running VMs are then started again. */
  async restartMiner(nodeId: string, options: { readonly host?: boolean } = {}): Promise<void> {
    const node = this.requireNode(nodeId);
    node.link = "online";
    node.seenAt = this.engine.clock.time();
    if (options.host)
      for (const task of Object.values(node.tasks))
        if (task.domain !== null && task.domain !== "shutoff" && task.status !== "running")
          task.domain = "shutoff";
    this.engine.miner(nodeId).restart();
    await this.engine.save();
  }

  async setNode(
    nodeId: string,
    change: Partial<
      Pick<
        NodeState,
        "libvirt" | "guestAgent" | "foreignDomains" | "garbageSize" | "version" | "libvirtMajor"
      >
    > & { machineStatus?: MachineStatus },
  ): Promise<void> {
    Object.assign(this.requireNode(nodeId), change);
    await this.engine.save();
  }

  async rent(
    nodeId: string,
    rental: {
      readonly renter: string;
      readonly order?: string;
      readonly gpuIndexes?: number[];
      readonly endBlock?: number;
      readonly status?: string;
    },
  ): Promise<void> {
    const node = this.requireNode(nodeId);
    const id = rental.order ?? rental.renter;
    const next: Rental = {
      id,
      renter: rental.renter,
      endBlock: rental.endBlock ?? blockAt(this.world, this.engine.clock.time()) + 14_400 * 365,
      status: rental.status ?? "renting",
      gpuIndexes: rental.gpuIndexes ?? node.hardware.gpus.map((_, index) => index),
    };
    node.rentals = [...node.rentals.filter((other) => other.id !== id), next];
    if (node.machineStatus === "online") node.machineStatus = "rented";
    await this.engine.save();
  }

  /** Ends a rental (all of them without an id); the node notices at its next look, or at once with `prune`. */
  async endRental(nodeId: string, id?: string, options: { readonly prune?: boolean } = {}): Promise<void> {
    const node = this.requireNode(nodeId);
    const now = blockAt(this.world, this.engine.clock.time());
    for (const rental of node.rentals)
      if (id === undefined || rental.id === id) {
        rental.status = "rentExpired";
        rental.endBlock = Math.min(rental.endBlock, now);
      }
    if (options.prune) this.engine.miner(nodeId).prune();
    await this.engine.save();
  }

  /** Deletes a VM behind everybody's back. */
  async deleteVm(nodeId: string, taskId: string): Promise<void> {
    const task = this.requireTask(nodeId, taskId);
    removeTask(new Site(this.engine, this.requireNode(nodeId)), task);
    await this.engine.save();
  }

  /** Changes a VM's machine behind everybody's back: what a guest does to itself, or what libvirt does. */
  async setDomain(nodeId: string, taskId: string, domain: DomainState | null): Promise<void> {
    const task = this.requireTask(nodeId, taskId);
    task.domain = domain;
    if (domain === "shutoff" || domain === null) task.bootedWith = null;
    await this.engine.save();
  }

  /** Any other change of a VM. */
  async setTask(nodeId: string, taskId: string, change: Partial<Task>): Promise<void> {
    Object.assign(this.requireTask(nodeId, taskId), change);
    await this.engine.save();
  }

  async addImage(
    nodeId: string,
    image: { readonly name: string; readonly sizeGib?: number; readonly virtualGib?: number },
  ): Promise<void> {
    const node = this.requireNode(nodeId);
    const { name, sizeGib = 4.5, virtualGib = 40 } = image;
    node.images = [
      ...node.images.filter((other) => other.name !== name),
      { name, sizeBytes: Math.round(sizeGib * 2 ** 30), virtualGib },
    ];
    await this.engine.save();
  }

  async removeImage(nodeId: string, name: string): Promise<void> {
    const node = this.requireNode(nodeId);
    node.images = node.images.filter((image) => image.name !== name);
    await this.engine.save();
  }

  /** Cuts an image server off or brings it back, or gives it other images: such as one less. */
  async setImageServer(
    id: string,
    change: Partial<Pick<ImageServer, "reachable" | "images">>,
  ): Promise<void> {
    const server = this.world.imageServers.find((item) => item.id === id);
    if (server === undefined) throw new ControlError(`there is no image server ${id}`);
    Object.assign(server, change);
    await this.engine.save();
  }

  /** Lets the client node's process abort. */
  crashClient(): void {
    throw new ControlError("there is no client node here");
  }

  restartClient(): void {}
}
