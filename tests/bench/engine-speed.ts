/** The real engine's wall clock: ours over its floor, and over what peers do. */
import { steady } from "./fleet";
import { type Figure, type Measure, median, type Say } from "./measure";
import type { Way } from "./programs";
import { type Load, Rig } from "./rig";

/** Fifty machines on ten nodes, of which each makes one after another: the last is ready after 30 s. */
const UP: Load = { nodes: 10, vmsPerNode: 5, profile: steady(6), createMs: 6_000 };
const UP_REPEATS = { ours: 3, floor: 3, naive: 1, poller: 1 } as const;

type Upped = keyof typeof UP_REPEATS & Way;

interface Ups {
  readonly seconds: Record<Upped, number[]>;
  readonly bytes: Partial<Record<Upped, number>>;
}

const runUps = async (say: Say): Promise<Ups> => {
  const ups: Ups = { seconds: { ours: [], floor: [], naive: [], poller: [] }, bytes: {} };
  // in turns, so that a machine that slows down slows all
  for (let repeat = 0; repeat < Math.max(...Object.values(UP_REPEATS)); repeat++)
    for (const way of ["floor", "ours", "naive", "poller"] as const) {
      if (repeat >= UP_REPEATS[way]) continue;
      const rig = await Rig.open(way, UP);
      try {
        ups.seconds[way].push(await rig.up());
        ups.bytes[way] = await rig.stateBytes();
        say(`up of 50 VMs, ${way}: ${ups.seconds[way].at(-1)?.toFixed(1)} s, ${ups.bytes[way]} B of state`);
      } finally {
        await rig.close();
      }
    }
  return ups;
};

/** Each repeat over the one of the floor that ran beside it. */
const ratios = (ours: readonly number[], floor: readonly number[]): number[] =>
  ours.map((seconds, repeat) => seconds / (floor[repeat] ?? median(floor)));

const round = (seconds: readonly number[]): string => seconds.map((each) => each.toFixed(1)).join(" ");

export const ups: Measure = {
  keys: ["up_over_floor", "state_bytes_over_naive"],
  engine: true,
  async run(say) {
    const { seconds, bytes } = await runUps(say);
    const over = ratios(seconds.ours, seconds.floor);
    const floor = median(seconds.floor);
    const [ours = Number.NaN, naive = Number.NaN] = [bytes.ours, bytes.naive];
    return [
      {
        key: "up_over_floor",
        title:
          "wall time of `up --parallel 64`, 50 VMs on 10 nodes that make one after another, the last ready after 30 s; over empty resources that sleep as long",
        unit: "",
        target: 1.12,
        ours: median(over),
        repeats: over,
        rivals: { naive: median(seconds.naive) / floor, poller: median(seconds.poller) / floor },
        notes: [
          "above the floor: a list is asked for every 5 s, so the last good news of ten nodes is some 3 s old; the keys, the rules in the program, and sign-in",
          `seconds: ours ${round(seconds.ours)}, floor ${round(seconds.floor)}, naive ${round(seconds.naive)}, poller ${round(seconds.poller)}`,
        ],
      },
      {
        key: "state_bytes_over_naive",
        title: "exported state of 50 VMs, ours with their keys, over a naive dynamic provider's",
        unit: "",
        target: 0.5,
        ours: ours / naive,
        rivals: { floor: (bytes.floor ?? Number.NaN) / naive },
        notes: [`bytes: ours ${ours}, naive ${naive}, floor ${bytes.floor}`],
      },
    ];
  },
};

/** As Pulumi counts: a Vm and its VmKey are two. */
const STILL: Load = { nodes: 10, vmsPerNode: 10, profile: steady(0.1), createMs: 0 };
const STILL_FLOOR: Load = { ...STILL, blanks: 100 };
const STILL_200: Load = { ...STILL, vmsPerNode: 20 };
/** What only explains is run less often. */
const STILL_ONCE = ["bare", "all", "naive"];
const STILL_REPEATS = 4;

export const still: Measure = {
  keys: ["noop_up_over_floor", "refresh_over_floor"],
  engine: true,
  async run(say) {
    const rigs = {
      floor: await Rig.open("floor", STILL_FLOOR),
      ours: await Rig.open("ours", STILL),
      bare: await Rig.open("bare", STILL_200),
      all: await Rig.open("ours", STILL_200),
      naive: await Rig.open("naive", STILL_200),
    };
    const names = ["floor", "ours", "bare", "all", "naive"] as const;
    try {
      for (const name of names) say(`making 200, ${name}: ${(await rigs[name].up()).toFixed(1)} s`);
      const figures: Figure[] = [];
      for (const verb of ["noop", "refresh"] as const) {
        const seconds: Record<(typeof names)[number], number[]> = {
          floor: [],
          ours: [],
          bare: [],
          all: [],
          naive: [],
        };
        for (let repeat = 0; repeat < STILL_REPEATS; repeat++)
          for (const name of names) {
            if (repeat > 0 && STILL_ONCE.includes(name)) continue;
            seconds[name].push(await rigs[name][verb]());
          }
        say(`${verb}: ${names.map((name) => `${name} ${round(seconds[name])}`).join(", ")}`);
        const over = ratios(seconds.ours, seconds.floor);
        const floor = median(seconds.floor);
        figures.push({
          key: verb === "noop" ? "noop_up_over_floor" : "refresh_over_floor",
          title: `${verb === "noop" ? "`up` without a change" : "`refresh`"} of 200 resources (100 VMs and their keys), over an empty provider's: 100 that declare the same and 100 that declare nothing`,
          unit: "",
          target: verb === "noop" ? 1.1 : 1.25,
          ours: median(over),
          repeats: over,
          rivals: {
            "200 that declare nothing": median(seconds.bare) / floor,
            "200 naive": median(seconds.naive) / floor,
            "ours, 200 VMs": median(seconds.all) / floor,
          },
          notes: [
            verb === "noop"
              ? "above the floor: the rules in the program and in the provider (each loads zod), and a VM's registration, which waits for its key's"
              : "above the floor: 10 sign-ins with two signatures each, 10 lists and 100 details, all in the provider's one thread; an empty resource asks nobody",
            `seconds: ${names.map((name) => `${name === "all" ? "200 VMs and keys" : name} ${round(seconds[name])}`).join(", ")}`,
          ],
        });
      }
      return figures;
    } finally {
      for (const rig of Object.values(rigs)) await rig.close();
    }
  },
};
