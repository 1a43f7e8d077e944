/**
 * The items of an iterable, with a limit on the wait for each. An iterable that is late is given up without
 * waiting for its end.
 *
 * @param late called where an item takes longer; its error is thrown
 */
export async function* withPatience<Item>(
  items: AsyncIterable<Item>,
  patienceMs: number,
  late: () => Error,
): AsyncGenerator<Item> {
  const iterator = items[Symbol.asyncIterator]();
  let isEnded = false;
  try {
    for (;;) {
      const next = await inTime(iterator.next(), patienceMs, late);
      if (next.done) {
        isEnded = true;
        return;
      }
      yield next.value;
    }
  } finally {
    if (!isEnded) void iterator.return?.().catch(() => undefined);
  }
}

/** The result of a promise; the error of `late` where it takes longer. */
export async function inTime<Result>(
  promise: Promise<Result>,
  patienceMs: number,
  late: () => Error,
): Promise<Result> {
  const { promise: lateness, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(late()), patienceMs);
  try {
    return await Promise.race([promise, lateness]);
  } finally {
    clearTimeout(timer);
  }
}
