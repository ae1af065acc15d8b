/** What the simulated interconnection platform is made of; all of it is plain data, so that it can be saved. */

/**
 * How the platform behaves (reference 6 to 8). `seed`: as its document says, every member may be left out and answers
 * are empty. `strict`: as its source says, nothing may be blank. `draft`: as an earlier document says, with answers.
 */
export type Mode = "seed" | "strict" | "draft";

/** A place to compute, as the wire has it. */
export interface Place {
  readonly id: number;
  readonly organization: string;
  readonly region: string;
  readonly availability_zone: string;
  readonly industry: string;
  readonly resource_type: string;
  readonly service_type: string;
  readonly power_consumption: number;
  readonly cpu_performance: number;
  readonly cpu_available: number;
  readonly gpu_model: string;
  readonly gpu_performance: number;
  readonly gpu_memory: number;
  readonly gpu_available: number;
  readonly network_delay: string;
  readonly network_performance: number;
  readonly network_isixp: boolean;
  readonly network_ips: string;
  readonly network_available: string;
  readonly network_ips_available: string;
  readonly network_ports: string;
  readonly price: number;
}

/** A row that a call has left behind; members that were not sent are `null`. */
export interface Row {
  readonly number: number;
  /** Simulated time. */
  readonly time: string;
  /** Name of the call. */
  readonly call: string;
  readonly source: string | null;
  readonly session_identifier: string | null;
  readonly data: Readonly<Record<string, unknown>> | null;
}

/** A task of the draft: submitted by template, later given a path. */
export interface Task {
  readonly id: number;
  /** Number of the row that it came with. */
  readonly row: number;
  chosen: number | null;
  result: boolean | null;
}

/** What is not known of the real platform. */
export interface Switches {
  mode: Mode;
  /** Whether refusals bear their code as HTTP status too; else that is 200. */
  errorStatus: boolean;
  /** Whether codes are written as text. */
  textCodes: boolean;
}

export interface InterconnectWorld {
  tokens: string[];
  places: Place[];
  /** Every call that was accepted, in order: what the tests read out of band. */
  journal: Row[];
  tasks: Task[];
  switches: Switches;
}

const place = (
  id: number,
  region: string,
  gpu_model: string,
  gpu_available: number,
  price: number,
  more: Partial<Place> = {},
): Place => ({
  id,
  organization: "中科曙光",
  region,
  availability_zone: `${region}-a`,
  industry: "教育",
  resource_type: "超算",
  service_type: "主机",
  power_consumption: 300,
  cpu_performance: 1_024,
  cpu_available: 40,
  gpu_model,
  gpu_performance: 100,
  gpu_memory: 24,
  gpu_available,
  network_delay: "5ms",
  network_performance: 150,
  network_isixp: false,
  network_ips: "10.0.0.0/24",
  network_available: "yes",
  network_ips_available: "10.0.0.8",
  network_ports: "22,443",
  price,
  ...more,
});

/** A small platform. Its regions and models are regions and resource groups of the simulated container platform. */
export const defaultInterconnectWorld = (mode: Mode = "seed"): InterconnectWorld => ({
  tokens: ["simulated-interconnect-token"],
  places: [
    place(1, "华东一区", "TeslaM40", 4, 12),
    place(2, "华东一区", "kshdtest", 4, 9, { industry: "金融" }),
    place(3, "北京", "TeslaM40", 8, 20, { network_isixp: true }),
  ],
  journal: [],
  tasks: [],
  switches: { mode, errorStatus: false, textCodes: false },
});
