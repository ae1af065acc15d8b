/** What a node is asked while its VMs come up, and how late good news is. */

import type { Arrival } from "./fleet";
import { Fleet, RANDOM_TIMES, steady } from "./fleet";
import { deviation, type Figure, type Measure, mean } from "./measure";
import { backingOff, everyFiveSeconds, upByPolling } from "./pollers";

const VMS = 8;
const SIZES = [5, 50] as const;

const delaysOf = (arrivals: readonly Arrival[]): number[] =>
  arrivals.map(({ readyAt, returnedAt }) => (returnedAt - readyAt) / 1_000);

/** One `up` of a fleet: what its nodes were asked in its first 300 s, and how late each VM's good news was. */
const upOf = async (nodes: number, how: (fleet: Fleet) => Promise<Arrival[]>) => {
  const fleet = await Fleet.open(nodes, VMS, RANDOM_TIMES);
  try {
    const end = fleet.lab.clock.time() + 300_000;
    const arrivals = await how(fleet);
    const details = [...fleet.counts("tasks.detail").values()];
    return {
      lists: Math.max(...fleet.counts("tasks.list", end).values()),
      requests: Math.max(...fleet.counts(undefined, end).values()),
      detailsPerVm: details.reduce((sum, count) => sum + count, 0) / (nodes * VMS),
      mostDetails: Math.max(...details) / VMS,
      delays: delaysOf(arrivals),
    };
  } finally {
    await fleet.close();
  }
};

export const waiting: Measure = {
  keys: ["lists_per_node_300s", "ready_delay_mean_s", "ready_delay_max_s"],
  async run(say) {
    const ours: ({ readonly nodes: number } & Awaited<ReturnType<typeof upOf>>)[] = [];
    for (const nodes of SIZES) {
      say(`${VMS} VMs on each of ${nodes} nodes`);
      ours.push({ nodes, ...(await upOf(nodes, (fleet) => fleet.up())) });
    }
    say("the same by polling each VM");
    const naive = await upOf(SIZES[0], (fleet) => upByPolling(fleet, everyFiveSeconds));
    const poller = await upOf(SIZES[0], (fleet) => upByPolling(fleet, backingOff));
    const perSize = (pick: (one: (typeof ours)[number]) => number | string): string =>
      ours.map((one) => `${one.nodes} nodes: ${pick(one)}`).join(", ");
    const exact = ours.every(({ detailsPerVm, mostDetails }) => detailsPerVm === 1 && mostDetails === 1);
    const delays = ours.flatMap((one) => one.delays);
    return [
      {
        key: "lists_per_node_300s",
        title: `requests that a node is sent while ${VMS} VMs come up, within 300 s (ours: task lists; rivals: details)`,
        unit: "",
        target: 65,
        ours: Math.max(...ours.map(({ lists }) => lists)),
        repeats: ours.map(({ lists }) => lists),
        rivals: { naive: naive.requests, poller: poller.requests },
        notes: [
          perSize(({ lists, requests }) => `${lists} lists of ${requests} requests in all`),
          exact
            ? "exactly one detail per VM"
            : `NOT one detail per VM: ${perSize((one) => one.detailsPerVm)}`,
        ],
      },
      {
        key: "ready_delay_mean_s",
        title: "from a VM running on its node to its create having returned, mean",
        unit: "s",
        target: 2.6,
        ours: mean(delays),
        repeats: ours.map((one) => mean(one.delays)),
        rivals: { naive: mean(naive.delays), poller: mean(poller.delays) },
      },
      {
        key: "ready_delay_max_s",
        title: "the same, the latest",
        unit: "s",
        target: 5.5,
        ours: Math.max(...delays),
        repeats: ours.map((one) => Math.max(...one.delays)),
        rivals: { naive: Math.max(...naive.delays), poller: Math.max(...poller.delays) },
      },
    ];
  },
};

/** The more, the less the ratio of two means depends on chance. */
const SEEDS = [1, 2, 3] as const;
const VMS_EACH = 16;

/** Delays on four nodes; a fifth may freeze when all have begun. */
const healthyDelays = async (isFrozen: boolean, seed: number): Promise<number[]> => {
  const fleet = await Fleet.open(5, VMS_EACH, RANDOM_TIMES, seed);
  try {
    const { clock, simulator } = fleet.lab;
    const [frozen = "", ...healthy] = fleet.nodeIds;
    if (isFrozen) clock.at(clock.time() + 20_000, () => void simulator.setLink(frozen, "frozen"));
    for (const stuck of fleet.startNode(frozen)) stuck.catch(() => undefined);
    return delaysOf(await fleet.lab.run(Promise.all(healthy.flatMap((nodeId) => fleet.startNode(nodeId)))));
  } finally {
    await fleet.close();
  }
};

export const frozen: Measure = {
  keys: ["frozen_node_delay"],
  async run(say) {
    const [beside, without]: [number[], number[]] = [[], []];
    for (const seed of SEEDS) {
      say(`with and without a frozen node, ${seed} of ${SEEDS.length}`);
      without.push(...(await healthyDelays(false, seed)));
      beside.push(...(await healthyDelays(true, seed)));
    }
    // ready times are random in both, so the means differ by chance as well
    const error = Math.SQRT2 * (deviation(without) / Math.sqrt(without.length) / mean(without));
    return [
      {
        key: "frozen_node_delay",
        title: "mean delay of 4 healthy nodes while a fifth is frozen, over the same without",
        unit: "",
        target: 1.1,
        ours: mean(beside) / mean(without),
        rivals: {},
        notes: [
          `${mean(beside).toFixed(2)} s beside a frozen node, ${mean(without).toFixed(2)} s without, ${without.length} VMs each; chance alone makes +/- ${error.toFixed(2)}`,
        ],
      },
    ];
  },
};

/** The phase in which a node comes back decides how soon that is seen, so several are tried. */
const OUTAGES_S = [600, 607, 613, 619, 626] as const;

const outageOf = async (seconds: number): Promise<{ requests: number; seenAfter: number }> => {
  const fleet = await Fleet.open(1, 50, steady(10));
  try {
    const { clock, simulator } = fleet.lab;
    const [nodeId = ""] = fleet.nodeIds;
    let [from, to, backAt] = [0, 0, 0];
    clock.at(clock.time() + 5_000, () => {
      from = simulator.requests.length;
      void simulator.setLink(nodeId, "offline");
    });
    clock.at(clock.time() + 5_000 + seconds * 1_000, () => {
      to = simulator.requests.length;
      backAt = clock.now();
      void simulator.setLink(nodeId, "online");
    });
    const arrivals = await fleet.up();
    return {
      requests: simulator.requests.slice(from, to).filter((request) => request.nodeId === nodeId).length,
      seenAfter: (Math.max(...arrivals.map(({ returnedAt }) => returnedAt)) - backAt) / 1_000,
    };
  } finally {
    await fleet.close();
  }
};

export const outage: Measure = {
  keys: ["outage_requests", "outage_seen_s"],
  async run(say) {
    const outages = [];
    for (const seconds of OUTAGES_S) {
      say(`down for ${seconds} s with 50 VMs waiting`);
      outages.push(await outageOf(seconds));
    }
    const figures: Figure[] = [
      {
        key: "outage_requests",
        title: "requests to a node that is down for 10 minutes while 50 VMs wait on it",
        unit: "",
        target: 25,
        ours: Math.max(...outages.map(({ requests }) => requests)),
        repeats: outages.map(({ requests }) => requests),
        rivals: {},
      },
      {
        key: "outage_seen_s",
        title:
          "from the node's return to the last of the 50 VMs having been seen, the worst of several phases",
        unit: "s",
        target: 10,
        ours: Math.max(...outages.map(({ seenAfter }) => seenAfter)),
        repeats: outages.map(({ seenAfter }) => seenAfter),
        rivals: {},
      },
    ];
    return figures;
  },
};

export const refreshing: Measure = {
  keys: ["refresh_requests_200"],
  async run() {
    const fleet = await Fleet.open(10, 20, steady(1));
    try {
      await fleet.up();
      fleet.lab.simulator.clearRequests();
      await fleet.refresh();
      const sum = (operation?: string) =>
        [...fleet.counts(operation).values()].reduce((all, count) => all + count, 0);
      const [lists, details] = [sum("tasks.list"), sum("tasks.detail")];
      return [
        {
          key: "refresh_requests_200",
          title: "lists and details that a refresh of 200 VMs on 10 nodes asks for",
          unit: "",
          target: 210,
          ours: lists + details,
          rivals: { "one detail each": 200 },
          notes: [
            `${lists} lists, ${details} details, ${sum() - lists - details} sign-ins, one for each node; without the lists a VM that is gone could not be told from a node that does not know its VMs for a minute`,
          ],
        },
      ];
    } finally {
      await fleet.close();
    }
  },
};
