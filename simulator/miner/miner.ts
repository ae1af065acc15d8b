import type { Engine } from "../engine";
import { lasts } from "../profile";
import type { Job, JobKind } from "../world/job";
import { RefusedCompact } from "./disks";
import { handle, needsChain } from "./handlers";
import { scheduleReaping } from "./lans";
import { prune, schedulePruning } from "./pruning";
import { NoAnswer, NodeDies, type NodeRequest, Refused, refusal } from "./request";
import { Site } from "./site";
import { tearSnapshot } from "./snapshots";
import { scheduleTransfers } from "./transfers";
import { finishStage, firstStage } from "./worker";

/** Operations that take their time at the node itself. */
const slow: Readonly<Record<string, "passwd">> = { "tasks.passwd": "passwd" };

/**
 * A node at work: one thread that answers requests in order, and one worker that does what they asked for, strictly
 * first in, first out (reference 0).
 */
export class Miner {
  #threadFreeAt = 0;
  /** Requests that came in while it was frozen. */
  #inbox: (() => void)[] = [];
  /** Counts process lives: what an earlier one had in hand is lost. */
  #life = 0;

  constructor(
    readonly engine: Engine,
    readonly id: string,
  ) {}

  /** Takes a request in; `reply` is called at most once, and not at all when the node is or goes away. */
  receive(request: NodeRequest, reply: (text: string) => void): void {
    const node = this.engine.world.nodes[this.id];
    if (node === undefined || node.link === "offline") return;
    const { profile, dice, clock } = this.engine;
    const span = needsChain(request.operation) ? profile.chain : profile.api;
    const extra = slow[request.operation];
    const takes = lasts(span, dice) + (extra === undefined ? 0 : lasts(profile[extra], dice));
    const begin = Math.max(clock.time(), this.#threadFreeAt);
    this.#threadFreeAt = begin + takes;
    const life = this.#life;
    const run = () => {
      if (life === this.#life) this.#answer(request, reply);
    };
    if (this.#threadFreeAt <= clock.time()) run();
    else clock.at(this.#threadFreeAt, run);
  }

  /** Goes on with what came in meanwhile. */
  thaw(): void {
    const inbox = this.#inbox;
    this.#inbox = [];
    for (const run of inbox) run();
  }

  /** Loses what only its memory held: requests in hand, its queue, tasks without a machine (reference b). */
  restart(): void {
    this.#stop();
    const site = this.#site();
    if (site === undefined) return;
    const { node } = site;
    tearSnapshot(node);
    node.queue = [];
    node.transfers = [];
    delete this.engine.world.nonces[this.id];
    for (const task of Object.values(node.tasks)) {
      if (task.domain === null) {
        delete node.tasks[task.id];
        for (const [wallet, ids] of Object.entries(node.walletTasks))
          node.walletTasks[wallet] = ids.filter((id) => id !== task.id);
        continue;
      }
      task.snapshotStatus = {};
      // only its memory knew of one in the making
      task.libvirtSnapshots = task.libvirtSnapshots?.filter(({ made }) => made);
      for (const disk of task.disks) disk.shownKib = disk.realKib;
      if (task.domain === "pmsuspended") task.status = "pmsuspend";
      else task.status = task.domain === "running" || task.domain === "paused" ? "running" : "closed";
    }
    this.resume();
  }

  /** The process is gone; only `restart` brings it back. */
  die(): void {
    this.#stop();
    const node = this.engine.node(this.id);
    if (node === undefined) return;
    node.link = "offline";
    node.seenAt = this.engine.clock.time();
  }

  /** Puts work at the end of the worker's queue. */
  enqueue(kind: JobKind, taskId: string): void {
    const site = this.#site();
    if (site === undefined) return;
    const job: Job = { ...kind, taskId, stage: 0, dueAt: null, queuedAt: this.engine.clock.time() };
    site.node.queue.push(job);
    if (site.node.queue.length === 1) this.#begin();
  }

  /** Sets all timers by what the state says is due. */
  resume(): void {
    const site = this.#site();
    if (site === undefined) return;
    this.#begin();
    scheduleTransfers(site);
    scheduleReaping(site);
    schedulePruning(site);
  }

  /** Ends rentals now instead of at the next look. */
  prune(): void {
    const site = this.#site();
    if (site !== undefined) prune(site);
  }

  #stop(): void {
    this.#life++;
    this.#inbox = [];
    this.#threadFreeAt = 0;
    this.engine.schedule(`worker ${this.id}`, undefined, () => undefined);
    this.engine.schedule(`transfers ${this.id}`, undefined, () => undefined);
  }

  #site(): Site | undefined {
    const node = this.engine.node(this.id);
    return node === undefined ? undefined : new Site(this.engine, node);
  }

  #answer(request: NodeRequest, reply: (text: string) => void): void {
    const site = this.#site();
    if (site === undefined || site.node.link === "offline") return;
    if (site.node.link === "frozen") {
      const life = this.#life;
      this.#inbox.push(() => {
        if (life === this.#life) this.#answer(request, reply);
      });
      return;
    }
    const text = this.#carryOut(site, request);
    if (text === undefined) {
      this.engine.saveSoon();
      return;
    }
    this.engine
      .save()
      .then(() => reply(text))
      .catch((error: unknown) => {
        this.engine.failure = error;
      });
  }

  #carryOut(site: Site, request: NodeRequest): string | undefined {
    try {
      return handle(site, request);
    } catch (error) {
      if (error instanceof RefusedCompact) return `{"errcode":${error.code},"message":"${error.message}"}`;
      if (error instanceof Refused) return refusal(error.code, error.message);
      if (error instanceof NoAnswer) return undefined;
      if (error instanceof NodeDies) {
        this.die();
        return undefined;
      }
      throw error;
    }
  }

  /** Starts the first job of the queue, or waits on for the one that is under way. */
  #begin(): void {
    const site = this.#site();
    const job = site?.node.queue[0];
    if (site === undefined || job === undefined) {
      this.engine.schedule(`worker ${this.id}`, undefined, () => undefined);
      return;
    }
    job.dueAt ??= this.engine.clock.time() + lasts(firstStage(site, job), this.engine.dice);
    this.engine.schedule(`worker ${this.id}`, job.dueAt, () => this.#step());
  }

  #step(): void {
    const site = this.#site();
    const job = site?.node.queue[0];
    if (site === undefined || job === undefined) return;
    // A frozen process works as little as it answers.
    if (site.node.link === "frozen") {
      this.engine.schedule(`worker ${this.id}`, this.engine.clock.time() + 1000, () => this.#step());
      return;
    }
    const next = finishStage(site, job);
    if (next === "done") site.node.queue.shift();
    else {
      job.stage++;
      job.dueAt = (job.dueAt ?? this.engine.clock.time()) + lasts(next, this.engine.dice);
    }
    this.#begin();
    this.engine.saveSoon();
  }
}
