/** The calls of seeds 000 and 003, in their order, and the verbs that nodes of their time knew besides. */
import type { DbcClient } from "../../provider/api/dbc/types";
import type { Outcome } from "../../provider/core/errors";
import { NODE, TASK } from "./fakes";

export interface LegacyRow {
  readonly name: string;
  /** Where it is written down. */
  readonly source: string;
  readonly call: (client: DbcClient) => Promise<unknown>;
  readonly path: string;
  readonly additional: object;
  readonly write: boolean;
  /** The message of a good answer, as nodes of that time wrote it. */
  readonly message: unknown;
  readonly gives: unknown;
  /** What tells that the work is done, in words; the lifecycles hold the provider to it. */
  readonly ready: string;
  readonly refusal: readonly [errcode: number, message: string, outcome: Outcome];
}

const CREATE = {
  image: "ubuntu.qcow2",
  gpuCount: 0,
  cpuCores: 4,
  memoryGib: 8,
  diskGib: 10,
  sshPort: 5_684,
  vncPort: 5_904,
};

const INFO = {
  version: "0.3.7.9",
  ip: "*.51.*.142",
  os: "Ubuntu 18.04.5 LTS",
  cpu: { type: "Xeon", hz: "2.60GHz", cores: "30", used_usage: "3.2%" },
  gpu: { gpu_count: "4", gpu_used: "1" },
  mem: { size: "219G", free: "180G", used_usage: "17.8%" },
  disk_system: { type: "SSD", size: "350G" },
  disk_data: { type: "HDD", size: "2000G", free: "1500G", used_usage: "25%" },
  images: ["ubuntu.qcow2", "win.qcow2"],
};

const DETAIL = {
  task_id: TASK,
  ssh_ip: "203.0.113.9",
  ssh_port: "5684",
  user_name: "dbc",
  login_password: "aB3_x",
  cpu_cores: 4,
  gpu_count: 0,
  mem_size: "8G",
  disk_system: "350G",
  disk_data: "10G",
  vnc_port: "5904",
  vnc_password: "aB3_x",
  create_time: "2021-12-20 10:00:00",
  status: "running",
  disks: [
    { name: "vda", type: "qcow2", source_file: "/data/vm_1.qcow2" },
    { name: "vdb", type: "qcow2", source_file: "/data/data_1.qcow2" },
  ],
};

const SNAPSHOT = {
  snapshot_name: "snap2",
  description: "finish hello world",
  create_time: "2021-12-23 12:00:00",
  state: "shutoff",
};
const GIVEN = {
  name: "snap2",
  description: "finish hello world",
  state: "shutoff",
  createdAt: "2021-12-23 12:00:00",
  disks: [],
};

const NO_TASK = [-3, "task_id not exist", "not-found"] as const;
const verb = (name: string, call: LegacyRow["call"], ready: string, refusal: LegacyRow["refusal"]) => ({
  name: `${name} a VM`,
  source: "reference (g)",
  call,
  path: `/tasks/${name}/${TASK}`,
  additional: {},
  write: true,
  message: "ok",
  gives: undefined,
  ready,
  refusal,
});

export const LEGACY_ROWS: readonly LegacyRow[] = [
  {
    name: "information of a node",
    source: "seed 000, 1",
    call: (client) => client.getNode(NODE),
    path: "/mining_nodes",
    additional: {},
    write: false,
    message: INFO,
    gives: expect.objectContaining({
      version: "0.3.7.9",
      cpu: { model: "Xeon", cores: 30, sockets: 0, usedPercent: 3.2 },
      disks: [{ path: "/data", sizeGib: 2_000, freeGib: 1_500 }],
      images: [
        { name: "ubuntu.qcow2", size: "" },
        { name: "win.qcow2", size: "" },
      ],
    }),
    ready: "at once",
    refusal: [-3, "request no pub_key", "unavailable"],
  },
  {
    name: "a session id",
    source: "seed 000, 2",
    call: (client) => client.session(NODE),
    path: "/mining_nodes/session_id",
    additional: {},
    write: false,
    message: { session_id: "3QRjS1PsbDReGJKVBBRqxUh9RqXB5jbfHJ8bMgGoJ3C9HHHHm9rCmmh" },
    gives: expect.objectContaining({
      sessionId: "3QRjS1PsbDReGJKVBBRqxUh9RqXB5jbfHJ8bMgGoJ3C9HHHHm9rCmmh",
    }),
    ready: "at once",
    refusal: [-3, "check authority failed: wallet not rented", "rental-over"],
  },
  {
    name: "create a VM",
    source: "seed 000, 3",
    call: (client) => client.createTask(NODE, CREATE),
    path: "/tasks/start",
    additional: {
      ssh_port: "5684",
      image_name: "ubuntu.qcow2",
      gpu_count: "0",
      cpu_cores: "4",
      mem_size: "8",
      disk_size: "10",
      vnc_port: "5904",
    },
    write: true,
    message: { task_id: TASK, create_time: "2021-12-20 10:00:00", status: "creating" },
    gives: { taskId: TASK, status: "creating", description: "", createdAt: "2021-12-20 10:00:00" },
    ready: "the list says running",
    refusal: [-3, "image does not exist", "refused"],
  },
  {
    name: "details of a VM",
    source: "seed 000, 4",
    call: (client) => client.getTask(NODE, TASK),
    path: `/tasks/${TASK}`,
    additional: {},
    write: false,
    message: DETAIL,
    gives: expect.objectContaining({
      taskId: TASK,
      os: "linux",
      address: "203.0.113.9",
      sshPort: 5_684,
      vncPort: 5_904,
      memoryGib: 8,
      status: "running",
      disks: [
        { name: "vda", size: "", file: "/data/vm_1.qcow2" },
        { name: "vdb", size: "10G", file: "/data/data_1.qcow2" },
      ],
      interfaces: [],
    }),
    ready: "at once",
    refusal: NO_TASK,
  },
  {
    name: "list of VMs",
    source: "seed 000, 5",
    call: (client) => client.listTasks(NODE),
    path: "/tasks",
    additional: {},
    write: false,
    // with what the VM is made of, as the earliest nodes wrote it
    message: [{ ...DETAIL, disks: undefined }],
    gives: [{ taskId: TASK, status: "running", description: "", createdAt: "2021-12-20 10:00:00" }],
    ready: "at once",
    refusal: [-3, "check authority failed: machine is not be rented", "rental-over"],
  },
  {
    name: "delete a VM",
    source: "seed 000, 6, by the path that nodes took",
    call: (client) => client.deleteTask(NODE, TASK),
    path: `/tasks/delete/${TASK}`,
    additional: {},
    write: true,
    message: "ok",
    gives: undefined,
    ready: "the list lacks it, and its detail says twice: task_id not exist",
    refusal: NO_TASK,
  },
  {
    name: "create a snapshot",
    source: "seed 003, 1",
    call: (client) =>
      client.createLegacySnapshot(NODE, TASK, {
        name: "snap2",
        description: "finish hello world",
        disks: [
          { name: "vda", type: "external" },
          { name: "vdb", type: "no" },
        ],
      }),
    path: `/snapshot/${TASK}/create`,
    additional: {
      snapshot_name: "snap2",
      description: "finish hello world",
      disks: [
        { disk_name: "vda", snapshot_type: "external" },
        { disk_name: "vdb", snapshot_type: "no" },
      ],
    },
    write: true,
    message: { snapshot_name: "snap2", description: "finish hello world", status: "creating" },
    gives: undefined,
    ready: "its state is neither creating nor an error",
    refusal: [-3, "snapshot_name is already exist", "refused"],
  },
  {
    name: "list of snapshots",
    source: "seed 003, 2",
    call: (client) => client.listLegacySnapshots(NODE, TASK),
    path: `/snapshot/${TASK}`,
    additional: {},
    write: false,
    message: [SNAPSHOT],
    gives: [GIVEN],
    ready: "at once",
    refusal: NO_TASK,
  },
  {
    name: "details of a snapshot",
    source: "seed 003, 3",
    call: (client) => client.getLegacySnapshot(NODE, TASK, "snap2"),
    path: `/snapshot/${TASK}/snap2`,
    additional: {},
    write: false,
    message: {
      ...SNAPSHOT,
      disks: [
        { disk_name: "vda", snapshot_type: "external", driver_type: "qcow2", snapshot_file: "/data/s.qcow2" },
      ],
    },
    gives: { ...GIVEN, disks: [{ name: "vda", type: "external", file: "/data/s.qcow2" }] },
    ready: "at once",
    refusal: [-3, "snapshot_name not exist", "not-found"],
  },
  {
    name: "list of the image centre",
    source: "seed 003, 4",
    call: (client) => client.listCentreImages(NODE),
    path: "/images",
    additional: {},
    write: false,
    message: ["ubuntu.qcow2", "mine.qcow2"],
    gives: [
      { name: "ubuntu.qcow2", size: "", sizeGib: 0 },
      { name: "mine.qcow2", size: "", sizeGib: 0 },
    ],
    ready: "at once",
    refusal: [-3, "list images file error: no such directory", "unavailable"],
  },
  {
    name: "upload an image",
    source: "seed 003, 5",
    call: (client) => client.uploadCentreImage(NODE, "mine.qcow2"),
    path: "/images/upload/mine.qcow2",
    additional: {},
    write: true,
    message: "ok",
    gives: undefined,
    ready: "the centre lists it",
    refusal: [-8, "image already exist, please rename the image file that needs to be uploaded", "refused"],
  },
  {
    name: "download an image",
    source: "seed 003, 6",
    call: (client) => client.downloadCentreImage(NODE, "mine.qcow2"),
    path: "/images/download/mine.qcow2",
    additional: {},
    write: true,
    message: "ok",
    gives: undefined,
    ready: "the node's own information lists it",
    refusal: [-8, "image not exist", "refused"],
  },
];

export const LEGACY_VERBS: readonly LegacyRow[] = [
  verb("start", (client) => client.startTask(NODE, TASK), "the list says running", [
    -3,
    "task is running",
    "refused",
  ]),
  verb("stop", (client) => client.poweroffTask(NODE, TASK), "the list says closed", [
    -3,
    "task is shut_off",
    "refused",
  ]),
  verb("restart", (client) => client.restartTask(NODE, TASK), "the list says running", [
    -3,
    "domain not exist",
    "not-found",
  ]),
  verb("reset", (client) => client.resetTask(NODE, TASK), "the list says running", NO_TASK),
  {
    ...verb("logs", (client) => client.getTaskLogs(NODE, TASK), "at once", NO_TASK),
    path: `/tasks/logs/${TASK}?flag=tail&line_num=100`,
    write: false,
    message: { task_id: TASK, log_content: ["one", "two"] },
    gives: ["one", "two"],
  },
];
