/**
 * Sends a difference to Braze: groups of changes, several in flight, settled in order.
 *
 * `settled` is told the last key of each group once that group and all before it are settled, never earlier: whatever
 * ends the sending, all changes up to the last key told are in Braze (or were refused one by one), and those behind it are
 * unknown and are sent again.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { MemberChange } from '@braze-mixpanel/core/cohorts';
import { type RetryPolicy, retryDelay } from '../delivery/retry-delay.ts';
import { CohortError } from './errors.ts';
import type { CohortName, Sink } from './sink.ts';

export interface SendOptions {
  readonly sink: Sink;
  readonly cohort: CohortName;
  readonly policy: RetryPolicy;
  readonly random: () => number;
  readonly stop: AbortSignal;
  /** The injected clock, milliseconds since 1970. */
  readonly now: () => number;
  readonly settled: (group: SettledGroup) => Promise<void>;
}

interface SettledGroup {
  /** Last key of the group. */
  readonly cursor: string;
  readonly added: number;
  readonly removed: number;
  /** Keys of changes that Braze refused. */
  readonly refused: readonly string[];
  /** Requests it took. */
  readonly requests: number;
}

/** Attempts of one request before the run ends; about two minutes with the documented delays. */
const attempts = 6;
/** A vendor that asks for more patience than this gets it between two runs, not within one. */
const waitedForAtMost = 60_000;

/** @throws CohortError when sending can't go on; requests in flight are then finished, but not settled. */
export async function sendChanges(
  batches: AsyncIterable<MemberChange[]>,
  options: SendOptions,
): Promise<void> {
  const flight: Promise<SettledGroup>[] = [];
  const failed = new AbortController();
  const stop = AbortSignal.any([options.stop, failed.signal]);
  try {
    for await (const group of groupsOf(batches, options.sink.groupSize)) {
      const sending = sendGroup(group, { ...options, stop });
      // A failure is seen when its turn comes; until then it must not count as unhandled.
      sending.catch(() => {});
      flight.push(sending);
      if (flight.length >= options.sink.concurrency) await options.settled(await flight.shift()!);
    }
    while (flight.length > 0) await options.settled(await flight.shift()!);
  } finally {
    failed.abort();
    await Promise.allSettled(flight);
  }
}

/** Cuts into groups; a difference says each key once, so no group can say a key twice. */
async function* groupsOf(
  batches: AsyncIterable<MemberChange[]>,
  size: number,
): AsyncGenerator<readonly MemberChange[]> {
  let group: MemberChange[] = [];
  for await (const batch of batches)
    for (const change of batch) {
      group.push(change);
      if (group.length < size) continue;
      yield group;
      group = [];
    }
  if (group.length > 0) yield group;
}

type Sending = Pick<SendOptions, 'sink' | 'cohort' | 'policy' | 'random' | 'stop' | 'now'>;

async function sendGroup(group: readonly MemberChange[], sending: Sending): Promise<SettledGroup> {
  const cursor = group.at(-1)!.key;
  const answer = await sendUntilAnswered(group, sending);
  if (answer.kind === 'taken') {
    const refused = new Set(answer.refused);
    const taken = group.filter((_, index) => !refused.has(index));
    const removed = taken.filter(change => change.remove).length;
    const keys = group.filter((_, index) => refused.has(index)).map(change => change.key);
    return { cursor, added: taken.length - removed, removed, refused: keys, requests: answer.requests };
  }
  if (group.length === 1)
    return { cursor, added: 0, removed: 0, refused: [cursor], requests: answer.requests };
  const middle = group.length >> 1;
  const first = await sendGroup(group.slice(0, middle), sending);
  const second = await sendGroup(group.slice(middle), sending);
  return {
    cursor,
    added: first.added + second.added,
    removed: first.removed + second.removed,
    refused: [...first.refused, ...second.refused],
    requests: answer.requests + first.requests + second.requests,
  };
}

async function sendUntilAnswered(group: readonly MemberChange[], sending: Sending) {
  for (let attempt = 1; ; attempt++) {
    const { sink, cohort, policy, random, stop } = sending;
    if (stop.aborted) throw new CohortError({ code: 'cohort_stopping', detail: '' });
    const answer = await sink.send(cohort, group, stop);
    if (answer.kind === 'taken' || answer.kind === 'refused') return { ...answer, requests: attempt };
    if (stop.aborted) throw new CohortError({ code: 'cohort_stopping', detail: '' });
    if (answer.kind === 'stop' || attempt === attempts) throw new CohortError(answer.problem);
    const asked = answer.retryAfterMs ?? 0;
    if (asked > waitedForAtMost) throw new CohortError(answer.problem, sending.now() + asked);
    const wait = retryDelay(attempt, random(), policy, answer.retryAfterMs);
    await pause(wait, undefined, { signal: stop, ref: false }).catch(() => {});
  }
}

/** Makes the cohort known to Braze under its name, with the same patience. */
export async function introduceCohort(options: Omit<SendOptions, 'settled'>): Promise<void> {
  const { sink, cohort, stop } = options;
  const introduction: Sink = { ...sink, send: () => sink.introduce(cohort, stop) };
  const answer = await sendUntilAnswered([], { ...options, sink: introduction });
  if (answer.kind === 'refused') throw new CohortError({ ...answer.problem, code: 'braze_request_refused' });
}
