import type { Problem, Values } from "../core/check";
import type { Change } from "../core/diff";
import { isRemote } from "../core/errors";
import { isKnown } from "../core/unknown";
import { instanceNameOf } from "./container-task-state";
import { stageOf } from "./container-task-status";
import type { Site } from "./site";

const twoDigits = (number: number): string => String(number).padStart(2, "0");

/** Seconds as the platform writes durations; hours may be more than 24. */
export const durationText = (seconds: number): string =>
  `${twoDigits(Math.floor(seconds / 3_600))}:${twoDigits(Math.floor(seconds / 60) % 60)}:${twoDigits(seconds % 60)}`;

/** Fills in what depends on other fields, and writes time limits in one way only. */
export const derive = (values: Values): Values => ({
  ...values,
  ...(typeof values.timeLimit === "number" && { timeLimit: durationText(values.timeLimit) }),
  ...(values.acceleratorCount === undefined &&
    isKnown(values.acceleratorType) && { acceleratorCount: values.acceleratorType === "cpu" ? 0 : 1 }),
});

const repeated = (values: Values, list: string, member: string, why: string): Problem[] => {
  const items: unknown = values[list];
  if (!Array.isArray(items)) return [];
  const seen = new Map<unknown, number>();
  return items.flatMap((item: unknown, index) => {
    const value: unknown = typeof item === "object" && item !== null ? Reflect.get(item, member) : undefined;
    if (!isKnown(value)) return [];
    const first = seen.get(value);
    if (first === undefined) {
      seen.set(value, index);
      return [];
    }
    return [{ field: list, reason: `${list}[${first}] and ${list}[${index}] ${why}: give each its own.` }];
  });
};

/** Mistakes that only show when fields are seen together. */
export const rules = (values: Values): Problem[] => {
  const { acceleratorType, acceleratorCount } = values;
  const problems: Problem[] = [];
  if (typeof acceleratorCount === "number" && isKnown(acceleratorType)) {
    if (acceleratorType === "cpu" && acceleratorCount > 0)
      problems.push({
        field: "acceleratorCount",
        reason: 'acceleratorCount must be 0, or left out, with acceleratorType "cpu".',
      });
    if (acceleratorType !== "cpu" && acceleratorCount === 0)
      problems.push({
        field: "acceleratorCount",
        reason: `acceleratorCount must be at least 1 with acceleratorType "${String(acceleratorType)}": for none, use "cpu" and a group of that type.`,
      });
  }
  return [
    ...problems,
    ...repeated(values, "mounts", "target", "have the same target"),
    ...repeated(values, "ports", "port", "open the same port"),
  ];
};

const isBusyNow = async (site: Site, olds: Values): Promise<boolean> => {
  const { name, __key: key, region, adoptInstance } = olds;
  const { client } = site.container;
  const { id } = await client.region(typeof region === "string" ? region : undefined);
  const ours = typeof key === "string" && typeof name === "string" ? instanceNameOf(name, key) : undefined;
  const items = await site.container.tasks(id).recent(60_000);
  return items.some(
    (item) =>
      (item.name === (adoptInstance ?? ours) || item.instanceId === adoptInstance) &&
      ["running", "deploying"].includes(stageOf(item.status)),
  );
};

const names = (changes: readonly Change[]): string => changes.map(({ field }) => field).join(", ");

/** Plans that would stop a task without consent, or delete a protected one. */
export const refuse = async (
  site: Site,
  olds: Values,
  changes: readonly Change[],
  news: Values,
): Promise<Problem[]> => {
  const replacing = changes.filter(({ cost }) => cost === "replace");
  if (olds.deletionProtection === true && replacing.length > 0)
    return [
      {
        field: "deletionProtection",
        reason: `a change of ${names(replacing)} replaces this task, which deletionProtection forbids: set it to false in an up of its own first.`,
      },
    ];
  if (
    replacing.length > 0 &&
    typeof news.adoptInstance === "string" &&
    news.adoptInstance === olds.adoptInstance
  )
    return [
      {
        field: "adoptInstance",
        reason: `a change of ${names(replacing)} replaces this task: the one that was taken over is deleted, and adoptInstance would look for it again; leave adoptInstance out, and a new one is made.`,
      },
    ];
  const stopping = changes.filter(({ cost }) => cost === "needsStop");
  if (replacing.length > 0 || stopping.length === 0 || news.allowStop === true || site.allowStop) return [];
  try {
    if (await isBusyNow(site, olds))
      return [
        {
          field: "allowStop",
          reason: `a change of ${names(stopping)} stops and restarts the task, and it is running: set allowStop: true on it, or consent for this run with DBC_ALLOW_STOP=1.`,
        },
      ];
  } catch (error) {
    // what can't be asked now is asked again before the stop
    if (!isRemote(error)) throw error;
  }
  return [];
};
