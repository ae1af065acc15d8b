interface Entry {
  readonly time: number;
  readonly order: number;
  readonly task: () => void;
  cancelled: boolean;
}

/** Timers by time, and among equal times by age: a binary heap. */
export class TimerQueue {
  readonly #heap: Entry[] = [];
  #order = 0;

  add(time: number, task: () => void): { cancel(): void } {
    const entry: Entry = { time, order: this.#order++, task, cancelled: false };
    this.#heap.push(entry);
    this.#up(this.#heap.length - 1);
    return {
      cancel: () => {
        entry.cancelled = true;
      },
    };
  }

  /** Time of the first timer. */
  next(): number | undefined {
    this.#drop();
    return this.#heap[0]?.time;
  }

  /** Takes out the first timer that is due at `time`. */
  take(time: number): (() => void) | undefined {
    this.#drop();
    const first = this.#heap[0];
    if (first === undefined || first.time > time) return undefined;
    this.#pop();
    return first.task;
  }

  #drop(): void {
    while (this.#heap[0]?.cancelled) this.#pop();
  }

  #pop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#down(0);
  }

  #up(start: number): void {
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#before(index, parent)) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  #down(start: number): void {
    let index = start;
    for (;;) {
      let first = index;
      for (const child of [2 * index + 1, 2 * index + 2])
        if (child < this.#heap.length && this.#before(child, first)) first = child;
      if (first === index) return;
      this.#swap(index, first);
      index = first;
    }
  }

  #before(a: number, b: number): boolean {
    const x = this.#heap[a];
    const y = this.#heap[b];
    if (x === undefined || y === undefined) return false;
    return x.time < y.time || (x.time === y.time && x.order < y.order);
  }

  #swap(a: number, b: number): void {
    const x = this.#heap[a];
    const y = this.#heap[b];
    if (x === undefined || y === undefined) return;
    this.#heap[a] = y;
    this.#heap[b] = x;
  }
}
