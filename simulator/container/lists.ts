import { z } from "zod";
import { summaryOf } from "./detail";
import { invalid, missing } from "./refusal";
import type { ContainerWorld, Task } from "./world";

const whole = z.union([
  z.int(),
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number),
]);

const ListQuery = z.object({
  limit: whole,
  sort: z.string().regex(/^(asc|desc)$/i),
  start: whole.nullish(),
  status: z.string().nullish(),
  taskType: z.string().nullish(),
  instanceServiceName: z.union([z.string(), z.array(z.string())]).nullish(),
});

/** Wraps items as the site's switch says (reference 3.2). */
export function wrap(world: ContainerWorld, items: readonly unknown[], total: number): unknown {
  const { listShape, listTotals } = world.switches;
  if (listShape === "array") return items;
  return { [listShape]: items, ...(listTotals && { total }) };
}

/** A page of `tasks`, filtered and sorted as asked. */
export function listTasks(
  world: ContainerWorld,
  tasks: readonly Task[],
  input: unknown,
  now: number,
): unknown {
  const given = (typeof input === "object" && input !== null ? input : {}) as Readonly<
    Record<string, unknown>
  >;
  for (const name of ["limit", "sort"]) if (given[name] == null) throw missing(name);
  const query = ListQuery.safeParse(given);
  if (!query.success) throw invalid(String(query.error.issues[0]?.path[0] ?? ""));
  const { limit, sort, start, status, taskType, instanceServiceName } = query.data;
  const names = [instanceServiceName ?? []].flat();
  const found = tasks
    .filter(
      (task) =>
        (!status || task.status === status) &&
        (!taskType || task.taskType === taskType) &&
        (names.length === 0 || names.some((name) => task.name.includes(name))),
    )
    .sort((a, b) => (a.createdAt - b.createdAt) * (sort.toLowerCase() === "asc" ? 1 : -1));
  const from = start ?? 0;
  const page = found.slice(from, from + Math.min(limit, world.switches.pageCap));
  return wrap(
    world,
    page.map((task) => summaryOf(task, now)),
    found.length,
  );
}
