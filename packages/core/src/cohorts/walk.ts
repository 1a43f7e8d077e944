import type { RunCursor } from './run.ts';
import { RunCursor as Cursor } from './run.ts';
import { compareBytes } from './utf8-order.ts';

/**
 * Walks several runs at once, in order, and shows every distinct key once with the runs that hold it: the one
 * primitive under difference, combination and merge. A binary heap of cursors, so 2 runs cost one comparison a key and 256
 * runs about nine.
 *
 * Inside chunks everything is synchronous; the generator yields each time a chunk has to be loaded, so that the
 * consumer can hand on what `visit` gathered so far. Memory is one chunk per run.
 *
 * `visit(cursor, presence)`: `cursor` stands on the key; bit n of `presence` says that run n (n < 31) holds it.
 */
export async function* walkRuns(
  runs: readonly AsyncIterable<Uint8Array>[],
  visit: (cursor: RunCursor, presence: number) => void,
): AsyncGenerator<undefined> {
  const cursors = runs.map(run => new Cursor(run));
  const heap: number[] = [];
  const standing: number[] = [];

  const before = (a: number, b: number): boolean => order(cursors[a]!, cursors[b]!) < 0;

  try {
    for (let index = 0; index < cursors.length; index++)
      if (await cursors[index]!.load()) push(heap, index, before);
    while (heap.length > 0) {
      standing.length = 0;
      const first = pop(heap, before);
      standing.push(first);
      const cursor = cursors[first]!;
      let presence = first < 31 ? 1 << first : 0;
      while (heap.length > 0 && order(cursors[heap[0]!]!, cursor) === 0) {
        const same = pop(heap, before);
        standing.push(same);
        if (same < 31) presence |= 1 << same;
      }
      visit(cursor, presence);
      for (const index of standing) {
        const moved = cursors[index]!;
        if (moved.next()) push(heap, index, before);
        else {
          yield;
          if (await moved.load()) push(heap, index, before);
        }
      }
    }
  } finally {
    for (const cursor of cursors) await cursor.close();
  }
}

function order(a: RunCursor, b: RunCursor): number {
  return compareBytes(a.bytes, a.start, a.end, b.bytes, b.start, b.end);
}

function push(heap: number[], item: number, before: (a: number, b: number) => boolean): void {
  let at = heap.length;
  heap.push(item);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!before(item, heap[parent]!)) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = item;
}

function pop(heap: number[], before: (a: number, b: number) => boolean): number {
  const top = heap[0]!;
  const item = heap.pop()!;
  if (heap.length === 0) return top;
  let at = 0;
  for (;;) {
    let child = at * 2 + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
    if (!before(heap[child]!, item)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = item;
  return top;
}
