import type { ListedRequest } from './request.ts';

/** Requests, the newest first. */
export type Listed = readonly ListedRequest[];

/** Most listed requests: as many as the journal of a simulator has. */
export const kept = 1_000;

/** Requests that a stream sends at once. */
export interface Summary {
  /** Requests since the summary before. */
  readonly count: number;
  /** The newest of them. */
  readonly requests: Listed;
}

/** A list with the requests of a summary; `undefined` where that would leave a gap, so that the list must be read again. */
export function extended(known: Listed, { count, requests }: Summary): Listed | undefined {
  const oldest = requests.at(-1)?.sequence;
  if (oldest === undefined) return count === 0 ? known : undefined;
  const isWhole = requests.length === count;
  // A restart or reset counts from 1 again: nothing is before the first.
  const isNext = oldest === 1 || newestOf(known) >= oldest - 1;
  return isWhole && isNext ? joined(requests, known) : undefined;
}

/** A list that was read, with what came while it was read; `undefined` where that leaves a gap. */
export const caughtUp = (read: Listed, came: readonly Summary[]): Listed | undefined =>
  came
    .filter(({ requests }) => newestOf(requests) > newestOf(read))
    .reduce<Listed | undefined>((list, summary) => list && extended(list, summary), read);

const newestOf = (list: Listed): number => list[0]?.sequence ?? 0;

const joined = (fresh: Listed, known: Listed): Listed => {
  const oldest = fresh.at(-1)?.sequence ?? 0;
  return [...fresh, ...known.filter(({ sequence }) => sequence < oldest)].slice(0, kept);
};
