/**
 * The sender of a difference to Braze: groups of changes, several in flight, settled in order.
 *
 * `settled` receives each group once that group and all before it are settled, never earlier: at any end of
 * the sending, every change up to the last key of the last settled group is accepted, refused or unproven,
 * and those after it are unknown and are sent again.
 *
 * A group that Braze refuses, or about which its answer proves nothing, is halved until the change in
 * question is alone. The number of halves without an accepted change is limited per run: above the limit a
 * half stays unproven as a whole, and the next group that would be halved ends the run, so that the next run
 * continues with it. Other halves are not counted: they find the changes in question, or Braze accepts fewer
 * changes a request than it documents. Changes that were open before are first separated from the others, and
 * end no run.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { MemberChange } from '@braze-mixpanel/core/cohorts';
import { type RetryPolicy, retryDelay } from '../../vendor-http/retry-delay.ts';
import { CohortError, type Problem } from '../cohort-error.ts';
import type { CohortName, Sink } from './sink.ts';

export interface SendOptions {
  readonly sink: Sink;
  readonly cohort: CohortName;
  readonly policy: RetryPolicy;
  readonly random: () => number;
  readonly stop: AbortSignal;
  /** The injected clock, milliseconds since 1970. */
  readonly now: () => number;
  /** Keys that were open before: refused or unproven. */
  readonly open: ReadonlySet<string>;
  readonly settled: (group: SettledGroup) => Promise<void>;
  /** Receives each group that ends the run, in any order, before the error does. */
  readonly unanswered: (group: UnansweredGroup) => void;
}

/** A group without an answer that counts. It is not settled: the next run sends it again. */
export interface UnansweredGroup {
  readonly changes: readonly MemberChange[];
  /** Number of requests. */
  readonly requests: number;
  /** Why it has no answer, if Braze may have applied the changes all the same. */
  readonly mayApply: Problem | undefined;
}

/** The outcome of one group. Changes that are neither refused nor unproven are accepted. */
export interface SettledGroup {
  readonly changes: readonly MemberChange[];
  /** Keys of changes that Braze refused by name. */
  readonly refused: readonly string[];
  /** Keys of changes about which no answer proves anything. */
  readonly unproven: readonly string[];
  /** The last message of Braze about refused or unproven changes. */
  readonly problem: Problem | undefined;
  /** The messages of Braze about single refused or unproven changes, by key. */
  readonly messages: ReadonlyMap<string, string>;
  /** Whether an answer was contradictory, or not from Braze: more than a count that is too low. */
  readonly contradicted: boolean;
  /** Number of requests. */
  readonly requests: number;
}

/** Attempts of one request before the run ends; about two minutes with the documented delays. */
const attempts = 6;
/**
 * Maximum of halves without an accepted change, for one run: a cohort that is refused as a whole must not
 * cost two requests a member.
 */
const halvesAtMost = 300;
/** Longest wait within a run; for a longer one the run ends, and the next one starts after it. */
const longestWaitMs = 60_000;

/** @throws CohortError when sending can't go on; requests in flight are then finished, but not settled. */
export async function sendChanges(
  batches: AsyncIterable<MemberChange[]>,
  options: SendOptions,
): Promise<void> {
  const flight: Promise<SettledGroup>[] = [];
  const failed = new AbortController();
  const stop = AbortSignal.any([options.stop, failed.signal]);
  const halves = { left: halvesAtMost };
  try {
    for await (const group of groupsOf(batches, options.sink.groupSize)) {
      const sending = sendGroup(group, { ...options, stop, halves });
      // A failure is handled in its order; until then it must not count as unhandled.
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

/** Changes in groups; a difference has each key once, so no group has a key twice. */
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

type Sending = Pick<SendOptions, 'sink' | 'cohort' | 'policy' | 'random' | 'stop' | 'now' | 'unanswered'>;

async function sendGroup(
  changes: readonly MemberChange[],
  sending: Sending & { readonly halves: { left: number }; readonly open: ReadonlySet<string> },
  isHalf = false,
): Promise<SettledGroup> {
  const answer = await sendUntilAnswered(changes, sending);
  const { requests } = answer;
  const { halves, open } = sending;
  if (answer.kind === 'accepted') {
    const refused = answer.refused.map(index => changes[index]!.key);
    const messages = new Map(refused.map((key, at) => [key, answer.messages?.[answer.refused[at]!] ?? '']));
    return { changes, refused, unproven: [], problem: undefined, messages, contradicted: false, requests };
  }
  const fresh = changes.filter(({ key }) => !open.has(key));
  if (fresh.length > 0 && fresh.length < changes.length) {
    const again = changes.filter(({ key }) => open.has(key));
    return joined(changes, requests, await sendGroup(fresh, sending), await sendGroup(again, sending));
  }
  if (changes.length > 1 && halves.left <= 0 && !isHalf && fresh.length > 0)
    throw CohortError.of(answer.problem);
  if (changes.length > 1 && halves.left > 0) {
    halves.left -= 2;
    const middle = changes.length >> 1;
    const first = await sendGroup(changes.slice(0, middle), sending, true);
    const both = joined(changes, requests, first, await sendGroup(changes.slice(middle), sending, true));
    if (both.refused.length + both.unproven.length < changes.length) halves.left += 2;
    return both;
  }
  const keys = changes.map(({ key }) => key);
  const alone = answer.kind === 'refused' && changes.length === 1;
  return {
    changes,
    refused: alone ? keys : [],
    unproven: alone ? [] : keys,
    problem: answer.problem,
    messages: new Map(keys.map(key => [key, answer.problem.detail])),
    contradicted: answer.kind === 'unproven' && !answer.short,
    requests,
  };
}

function joined(
  changes: readonly MemberChange[],
  requests: number,
  first: SettledGroup,
  second: SettledGroup,
): SettledGroup {
  return {
    changes,
    refused: [...first.refused, ...second.refused],
    unproven: [...first.unproven, ...second.unproven],
    problem: second.problem ?? first.problem,
    messages: new Map([...first.messages, ...second.messages]),
    contradicted: first.contradicted || second.contradicted,
    requests: requests + first.requests + second.requests,
  };
}

async function sendUntilAnswered(changes: readonly MemberChange[], sending: Sending) {
  const { sink, cohort, policy, random, stop } = sending;
  let requests = 0;
  let mayApply: Problem | undefined;
  const end = (error: CohortError) => {
    if (requests > 0) sending.unanswered({ changes, requests, mayApply });
    return error;
  };
  for (;;) {
    if (stop.aborted) throw end(new CohortError('cohort_stopping'));
    const answer = await sink.send(cohort, changes, stop);
    requests += 1;
    if (answer.kind !== 'retry' && answer.kind !== 'stop') return { ...answer, requests };
    if (answer.kind === 'retry' && answer.mayApply) mayApply = answer.problem;
    if (stop.aborted) throw end(new CohortError('cohort_stopping'));
    if (answer.kind === 'stop' || requests === attempts) throw end(CohortError.of(answer.problem));
    const waitMs = answer.retryAfterMs ?? 0;
    if (waitMs > longestWaitMs) throw end(CohortError.of(answer.problem, sending.now() + waitMs));
    const wait = retryDelay(requests, random(), policy, answer.retryAfterMs);
    await pause(wait, undefined, { signal: stop, ref: false }).catch(() => {});
  }
}

/** Creates or renames the cohort in Braze, with the same retries. */
export async function introduceCohort(
  options: Omit<SendOptions, 'open' | 'settled' | 'unanswered'>,
): Promise<void> {
  const { sink, cohort, stop } = options;
  const introduction: Sink = { ...sink, send: () => sink.introduce(cohort, stop) };
  const answer = await sendUntilAnswered([], { ...options, sink: introduction, unanswered: () => {} });
  if (answer.kind === 'unproven') throw CohortError.of(answer.problem);
  if (answer.kind === 'refused') throw CohortError.of({ ...answer.problem, code: 'braze_request_refused' });
}
