/**
 * What the node answers, as it comes over the wire (api/v1 of DBC 0.4.1.8; fields of older generations are optional).
 * Unknown fields are let through, those in use are checked; `domain.ts` turns them into our own types. The simulator
 * answers with these same schemas.
 */
import * as z from "zod";

/** Most items of a list that are taken; a node holds a few dozen VMs. */
const MAX_ITEMS = 10_000;

const list = <Item extends z.ZodType>(item: Item) => z.array(item).max(MAX_ITEMS);
const text = z.string();
/** The node writes most numbers as text, a few as numbers, and older ones differ. */
const count = z.union([z.int().min(0), z.string().regex(/^\d{1,15}$/)]);
/** `"8G"`, `"7.81G"`, `"192K"`, `"31T"`; written by the node's `scale_size`. */
const size = z.string().regex(/^\d{1,15}(\.\d+)?[KMGTP]?$/);
/** A port as text; `""` and `"N/A"` where there is none. */
const port = z.union([
  z.int().min(0).max(65_535),
  z
    .string()
    .regex(/^(\d{1,5}|N\/A)?$/)
    .refine((digits) => !(Number(digits) > 65_535)),
]);
/** `"3.2%"`. */
const percent = z.string().regex(/^\d{1,6}(\.\d+)?%?$/);
export const taskId = z.string().regex(/^[0-9A-Za-z_]{1,64}$/);

/** Every JSON answer. Only `errcode` 0 is success; the message is then an object, a list or a word. */
export const Envelope = z.object({ errcode: z.int(), message: z.unknown() });

export const VersionAnswer = z.object({ client_version: text });

export const NodesAnswer = z.object({
  mining_nodes: list(
    z.object({
      node_id: z.string().regex(/^[0-9a-f]{64}$/),
      /** `"null"` when the node has none. */
      name: text.nullish(),
      /** `"N/A"` when it is not known. */
      version: text.nullish(),
    }),
  ),
});

/** Answers of bare-metal servers stop here. */
const NodeHead = z.object({ version: text, node_type: text, ip: text, os: text });

/** An image in a list; the key of a node's `/images` really ends in a colon (NRS 2798). */
const ImageItem = z.union([
  z.object({ image_name: text, image_size: text }),
  z.object({ "image_name:": text, image_size: text }),
]);

export const NodeAnswer = NodeHead.extend({
  cpu: z.object({ type: text, hz: text.optional(), cores: count, used_usage: percent, physical_cpus: count }),
  gpu: z.object({ gpu_count: count, gpu_used: count }),
  mem: z.object({ size, free: size, used_usage: percent }),
  disk_system: z.object({ type: text, size }).optional(),
  disk_data: list(z.object({ path: text, type: text.optional(), size, free: size, used_usage: percent })),
  images: list(ImageItem).optional(),
});

export const BareMetalAnswer = NodeHead.extend({ node_type: z.literal("2") });

export const AnyNodeAnswer = z.union([NodeAnswer, BareMetalAnswer]);

export const SessionAnswer = z.object({ session_id: z.string().regex(/^[\x21-\x7e]{1,200}$/) });

export const RentOrdersAnswer = z.object({
  rent_orders: list(
    z.object({
      id: text,
      renter: text,
      rent_end: text,
      rent_status: text,
      gpu_nums: count,
      gpu_index: list(z.int().min(0)),
    }),
  ),
});

/** A line of the task list, and the answer to a create. */
export const TaskAnswer = z.object({
  task_id: taskId,
  create_time: text.optional(),
  desc: text.optional(),
  status: text,
});

export const TasksAnswer = list(TaskAnswer);

export const TaskDetailAnswer = TaskAnswer.extend({
  os: text.optional(),
  ssh_ip: text.optional(),
  ssh_port: port.optional(),
  rdp_port: port.optional(),
  user_name: text.optional(),
  login_password: text.optional(),
  cpu_cores: count,
  gpu_count: count,
  mem_size: size,
  disk_system: text.optional(),
  vnc_port: port.optional(),
  vnc_password: text.optional(),
  network_name: text.optional(),
  rent_order: text.optional(),
  local_address: list(text).optional(),
  disks: list(z.object({ name: text, size: text.optional(), source_file: text })).optional(),
  network_filters: list(text).optional(),
  interface: list(z.object({ name: text, type: text, mac_address: text })).optional(),
});

export const LogsAnswer = z.object({ task_id: taskId, log_content: list(text) });

/** What a verb, a modify or a disk order says when it is accepted; only modify's words matter. */
export const AcceptedAnswer = text;

/** modify, when part of the change waits for a new start of the VM. */
export const AT_NEXT_BOOT = "some changes will take effect on the next boot";

export const DisksAnswer = list(z.object({ name: text, file: text, size }));

export const LanAnswer = z.object({
  network_name: text,
  ip_cidr: text,
  rent_wallet: text.optional(),
  lastUseTime: text.optional(),
  members: list(text).optional(),
});

export const LansAnswer = list(LanAnswer);

export const MonitorServersAnswer = z.object({ servers: list(text) });

export const ImageServersAnswer = z.object({ image_server: list(text) });

export const ImagesAnswer = list(ImageItem);

/** `{"status": "downloading", "progress": "42%"}`; whatever is not in the node's table is `done`. */
export const TransferAnswer = z.object({ status: text, progress: percent });

export const SnapshotsAnswer = list(
  z.object({
    snapshot_name: text,
    description: text.optional(),
    snapshot_file: text,
    create_time: text.optional(),
    /** `creating`, `uploading` or `none`, which also means failed. */
    status: text,
  }),
);
