import type { AcceleratorType } from "../api/container/types";
import type { Problem, Values } from "../core/check";
import type { Change } from "../core/diff";
import { isKnown } from "../core/unknown";
import type { Site } from "./site";

const SIZES = [
  ["cpuCores", "CPU cores"],
  ["acceleratorCount", "accelerators"],
  ["ramMib", "MiB of RAM"],
] as const;

const CONCERNED: readonly string[] = [...SIZES.map(([field]) => field), "resourceGroup", "acceleratorType"];

/**
 * Sizes beyond what a node of the group has: the platform would refuse them, or queue for ever. A limit of 0 means
 * that the platform does not tell.
 */
export const preflight = async (
  site: Site,
  values: Values,
  changes: readonly Change[],
): Promise<Problem[]> => {
  const { acceleratorType, resourceGroup, region } = values;
  if (typeof resourceGroup !== "string" || typeof acceleratorType !== "string") return [];
  if (!isKnown(resourceGroup) || !isKnown(acceleratorType)) return [];
  if (!changes.some(({ field }) => CONCERNED.includes(field))) return [];
  if (region !== undefined && (typeof region !== "string" || !isKnown(region))) return [];
  if (!site.container.preflight) return [];
  const limits = await site.asking.ask("the container platform", () =>
    site.container.limits(acceleratorType as AcceleratorType, resourceGroup, region),
  );
  if (limits === undefined) return [];
  return SIZES.flatMap(([field, unit]) => {
    const [wanted, most] = [values[field], limits[field]];
    return typeof wanted === "number" && most > 0 && wanted > most
      ? [
          {
            field,
            reason: `${field}: ${wanted} is more than a node of resource group ${resourceGroup} has (${most} ${unit}): use less, or another group.`,
          },
        ]
      : [];
  });
};
