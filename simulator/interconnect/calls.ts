import type { Dice } from "../dice";
import { type Accepted, acceptChoice, Refusal } from "./rules";
import type { InterconnectWorld, Place, Row } from "./world";

type Data = Readonly<Record<string, unknown>>;

/** An accepted call. */
export interface Occasion {
  readonly world: InterconnectWorld;
  readonly dice: Dice;
  readonly body: Accepted;
  /** Writes the row. */
  record(): Row;
}

/** Members of `data` that places have too: texts must be equal, numbers are the least that is wanted. */
const fits = (place: Place, data: Data): boolean =>
  Object.entries(place).every(([name, has]) => {
    const wanted = name === "id" ? undefined : data[name];
    if (typeof wanted !== typeof has) return true;
    return typeof wanted === "number" && typeof has === "number" ? has >= wanted : wanted === has;
  });

const counted = (value: unknown, otherwise: number): number =>
  typeof value === "number" && Number.isInteger(value) && value > 0 ? value : otherwise;

function query({ world, body, record }: Occasion): unknown {
  record();
  const data = body.data ?? {};
  const found = world.places.filter((place) => fits(place, data));
  const [page, size] = [counted(data.page, 1), counted(data.page_size, 20)];
  return {
    count: found.length,
    results: found
      .slice((page - 1) * size, page * size)
      .map(({ organization, region, availability_zone, industry }) => ({
        organization,
        region,
        availability_zone,
        industry,
      })),
  };
}

function submit({ world, body, record }: Occasion): unknown {
  const found = world.places.filter((place) => fits(place, body.data ?? {}));
  const task = { id: world.tasks.length + 1, row: record().number, chosen: null, result: null };
  world.tasks.push(task);
  return { task_id: task.id, count: found.length, results: found };
}

function choose({ world, dice, body, record }: Occasion): unknown {
  const { task_id, computing_resource_id, result } = acceptChoice(body.data ?? {});
  const task = world.tasks.find(({ id }) => id === task_id);
  if (task === undefined) throw new Refusal(404, `task ${task_id} not found`);
  if (!world.places.some(({ id }) => id === computing_resource_id))
    throw new Refusal(404, `computing resource ${computing_resource_id} not found`);
  record();
  Object.assign(task, { chosen: computing_resource_id, result });
  return {
    computing_resource_url: `https://compute.example/tasks/${task.id}/${computing_resource_id}/?token=${dice.hex(16)}`,
  };
}

/** Only the draft answers; the server's source writes the row and says nothing. */
const calls = {
  computingResourceQuery: query,
  taskTemplateSubmission: submit,
  taskPath: choose,
} as const;

export type CallName = keyof typeof calls;

const paths: Readonly<Record<string, CallName>> = {
  "/api/v1/query_computing_resources/": "computingResourceQuery",
  "/api/v1/query_computing_resources_by_task_template/": "taskTemplateSubmission",
  "/api/v1/task_path/": "taskPath",
};

/** The call that is served at a path; `undefined` where none is. */
export const callAt = (path: string): CallName | undefined =>
  Object.hasOwn(paths, path) ? paths[path] : undefined;

export function carryOut(name: CallName, occasion: Occasion): unknown {
  if (occasion.world.switches.mode === "draft") return calls[name](occasion);
  occasion.record();
  return {};
}
