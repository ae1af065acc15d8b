import type { Problem, Values } from "../core/check";
import type { Change } from "../core/diff";
import { isKnown } from "../core/unknown";
import { isLegacyNode, lacking, olderNode } from "./legacy";
import type { Site } from "./site";

/** The highest VNC port of old. */
const LAST_VNC_PORT = 6_000;

/** Fields that a create of old does not have, and what to do without them. */
const LACKING: Readonly<Record<string, string>> = {
  rdpPort: "it makes Linux VMs only, reached by sshPort",
  lan: "it has no LANs",
  multicast: "it has no multicast groups",
  dataFile: "give dataDiskGib, and it makes the data disk",
  portMaps: "reach further ports through an SSH tunnel",
  publicIp: "its VMs are reached by its own address and sshPort",
  networkFilters: "set up a firewall in the guest",
  login: "it sets a password of its own, an output of the Vm",
  rentOrder: "such a node is rented as a whole",
};

/** Fields for whose values it has but one choice. */
const ONLY: readonly (readonly [field: string, value: string, why: string])[] = [
  ["os", "linux", "it makes Linux VMs (`ubuntu`) only"],
  ["bios", "legacy", "it knows no other firmware"],
  ["interfaceModel", "virtio", "it knows no other network card"],
];

/** Fields that only a new VM can have otherwise: there is no `modify`, and no call for disks. */
const FIXED = ["cpuCores", "memoryGib", "gpuCount", "vncPort", "sshPort", "dataDiskGib"];

/** What a VM of an older node can't have. Fields may be unknown. */
export const legacyVmProblems = (values: Values): Problem[] => {
  const here = olderNode(values.nodeId);
  const problems = Object.entries(LACKING).flatMap(([field, remedy]) => lacking(values, field, remedy));
  for (const [field, only, why] of ONLY)
    if (isKnown(values[field]) && values[field] !== undefined && values[field] !== only)
      problems.push({ field, reason: `${field} must be "${only}" here: ${here}, and ${why}.` });
  if (typeof values.vncPort === "number" && values.vncPort > LAST_VNC_PORT)
    problems.push({
      field: "vncPort",
      reason: `vncPort must be from 5900 to ${LAST_VNC_PORT} here, not ${values.vncPort}: ${here}.`,
    });
  if (values.restartMode === "force")
    problems.push({
      field: "restartMode",
      reason: `restartMode must be "guest" or "reset" here: ${here}, and can't force a restart.`,
    });
  return problems;
};

/** The mistakes of a plan for a VM on a node that is of the older generation. */
export const legacyVmPreflight = async (
  site: Site,
  news: Values,
  changes: readonly Change[],
): Promise<Problem[]> => {
  if (!(await isLegacyNode(site, news.nodeId))) return [];
  const problems = legacyVmProblems(news);
  // one that is not made yet has its node among the changes
  if (changes.some(({ cost }) => cost === "replace")) return problems;
  return [
    ...problems,
    ...changes
      .filter(({ field }) => FIXED.includes(field) && !problems.some((problem) => problem.field === field))
      .map(({ field }) => ({
        field,
        reason: `${field} can't be changed here: ${olderNode(news.nodeId)}, where a VM stays as it was made; replace it (pulumi up --replace <urn>), which deletes its disks, or take the change back.`,
      })),
  ];
};
