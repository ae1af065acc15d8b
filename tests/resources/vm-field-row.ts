/** What the rows of the table of a Vm's arguments are made of. */
import type { Values } from "../../provider/core/check";
import type { VmArgs, VmGiven } from "../../provider/resources/vm";

export type Given = { readonly [Name in keyof VmGiven]?: VmGiven[Name] | undefined };

/** One `up`; the steps of a row follow one another on the same VM. */
export interface Step {
  readonly does: "sets" | "changes" | "removes";
  /** Differences to the arguments of the step before. */
  readonly to: Given;
  /** Every request of the step; equal ones in a row, as of waiting, count as one. */
  readonly calls: readonly string[];
  /** What `check` says in place of a change. */
  readonly says?: string;
  /** Nothing differs: a default that was left out is written down, or the other way round. */
  readonly same?: true;
}

export interface Row {
  /** Differences to the plain VM from which the steps begin. */
  readonly from?: Given;
  /** What the field adds to the body of a create, or takes from it; none where nothing is created. */
  readonly create: readonly [given: Given, body: Values] | undefined;
  /** It must always be given, so that it is only ever changed. */
  readonly required?: true;
  readonly steps: readonly Step[];
}

/** Bodies are compared whatever the order of their fields. */
export const call = (line: string, body: Values = {}): string => {
  const fields = Object.entries(body).filter(([, value]) => value !== undefined);
  return [line, ...fields.map(([name, value]) => `${name}=${JSON.stringify(value)}`).sort()].join(" ");
};

export const PLAIN: Values = {
  task_id: "<id>",
  image_name: "ubuntu.qcow2",
  operation_system: "linux",
  bios_mode: "legacy",
  gpu_count: "0",
  cpu_cores: "4",
  mem_size: "8",
  disk_size: "10",
  ssh_port: "20022",
  vnc_port: "5901",
};

export const [LIST, DETAIL] = ["POST /tasks", "POST /tasks/<id>"];
export const [OFF, START] = ["POST /tasks/poweroff/<id>", "POST /tasks/start/<id>"];
export const modify = (body: Values) => call("POST /tasks/modify/<id>", body);
/** Looked at before and afterwards. */
export const live = (...calls: string[]) =>
  calls.length > 0 ? [LIST, ...calls, LIST, DETAIL] : [LIST, DETAIL];
/** The modify comes first, because the node may refuse it; then one cycle of the power. */
const cycle = (body: Values) => [LIST, modify(body), LIST, OFF, LIST, START, LIST, DETAIL];
/** Gone twice over before anything new is asked for. */
export const GONE = [LIST, "POST /tasks/delete/<id>", LIST, DETAIL, LIST, DETAIL];
export const replace = (body: Values, ...first: string[]) => [
  ...GONE,
  LIST,
  ...first,
  call("POST /tasks/start", { ...PLAIN, ...body }),
  LIST,
  DETAIL,
];

export const sets = (to: Given, calls: readonly string[]): Step => ({ does: "sets", to, calls });
export const changes = (to: Given, calls: readonly string[]): Step => ({ does: "changes", to, calls });
export const removes = (to: Given, calls: readonly string[]): Step => ({ does: "removes", to, calls });
export const refuses = (to: Given, says: string, ...calls: string[]): Step => ({
  does: "changes",
  to,
  calls,
  says,
});

/** Whether what the node has really differs is asked before consent is. */
export const ASKED = [DETAIL, "POST /disk/list/<id>"];

export const needsConsent = (field: string) =>
  `a change of ${field} needs a hard power-off, and the VM is running: set allowStop: true on it, or consent for this run with DBC_ALLOW_STOP=1.`;

/** A field that waits for the next boot; `undefined` among `later` removes it, which sets it back to 0. */
export const hardware = (
  field: "cpuCores" | "memoryGib" | "gpuCount" | "vncPort",
  wire: string,
  first: number,
  ...later: (number | undefined)[]
): Row => ({
  create: [{ [field]: first }, { [wire]: String(first) }],
  steps: [
    refuses({ [field]: first }, needsConsent(field), ...ASKED),
    ...[first, ...later].map((to) =>
      (to === undefined ? removes : changes)(
        { [field]: to, allowStop: true },
        cycle({ [`new_${wire}`]: String(to ?? 0) }),
      ),
    ),
  ],
});

export const stateOnly = (field: keyof VmArgs, one: unknown, other: unknown): Row => ({
  create: [{ [field]: one }, {}],
  steps: [sets({ [field]: one }, []), changes({ [field]: other }, []), removes({ [field]: undefined }, [])],
});

/** A field whose first value is its default, so that removing it sets it back. */
export const defaulted = (field: keyof VmArgs, usual: unknown, other: unknown): Row => ({
  create: [{ [field]: usual }, {}],
  steps: [
    { ...sets({ [field]: usual }, []), same: true },
    changes({ [field]: other }, []),
    removes({ [field]: undefined }, []),
  ],
});
