/** The status line: whether events are received and delivered, what waits, and the cohorts, in words. */

import type { Current } from '../mock-braze/current.ts';
import { counted, relative, span } from '../parts/format.ts';
import type { Tone } from '../parts/tone.ts';
import type { Connection, Status } from '../service/status.ts';
import { failureOf } from '../service/sync-failure.ts';
import { brazeFigures } from './braze-figures.ts';
import { serviceFigures, soonest } from './figures.ts';

export interface Phrase {
  readonly tone: Tone;
  readonly text: string;
  /** View that says more: of the service, or `currents` of mock Braze. */
  readonly view?: 'dead-letters' | 'currents';
}

export interface Moment {
  /** Milliseconds since 1970 of the service's clock. */
  readonly now: number;
  /** Milliseconds since the status was read. */
  readonly age: number;
  /** Time of day of an ISO 8601 moment. */
  readonly timeOf: (at: string) => string;
  /** Whether more dead letters were counted while the page was open. */
  readonly isRefusingMore: boolean;
  /** When the newest dead letter was made, ISO 8601; `undefined` where that is not known. */
  readonly newestRefusal: string | undefined;
}

/** Milliseconds for which a dead letter counts as new. */
const newFor = 15 * 60_000;

/** All phrases, in the order of the way of an event, and the cohorts. */
export const statusWords = (status: Status, moment: Moment): readonly Phrase[] => [
  receiving(status),
  delivering(status, moment),
  ...refused(status, moment),
  waiting(status),
  cohorts(status, moment),
];

/** What waits in a Current that fails, and when Braze sends it again; or that no Current sends. */
export function brazeWords(currents: readonly Current[], now: number): readonly Phrase[] {
  const failing = currents.find(({ failingSince }) => failingSince !== null);
  if (failing === undefined) {
    if (currents.some(({ state }) => state === 'launched')) return [];
    const why = currents.length === 0 ? 'there is no Current' : 'no Current is launched';
    return [{ tone: 'warn', text: `Braze sends nothing: ${why}`, view: 'currents' }];
  }
  const text = `Braze ✗, ${counted(brazeFigures([failing]).waiting, 'event')} waiting`;
  const retryAt = soonest(failing.queues.map(each => each.retryAt ?? null));
  const next =
    failing.state === 'disabled'
      ? 'launch the Current again'
      : retryAt === null
        ? 'correct the Current'
        : `next attempt ${relative(Math.max(now, Date.parse(retryAt)), now)}`;
  return [{ tone: 'bad', text: `${text}, ${next}` }];
}

function receiving({ ready, notReadyReason, connections }: Status): Phrase {
  if (!ready) return { tone: 'bad', text: `Receiving ✗, ${notReadyReason ?? 'the reason is not known'}` };
  const refused = Object.values(connections).find(({ refusing }) => refusing !== null);
  if (refused) return { tone: 'bad', text: `Receiving ✗, batches are refused: ${refused.refusing}` };
  return { tone: 'good', text: 'Receiving ✓' };
}

/** States of a delivery, the most urgent one first. */
const urgency = ['parked', 'retrying', 'held', 'waiting', 'delivering', 'idle'];

function delivering({ connections }: Status, { age, timeOf }: Moment): Phrase {
  const all = Object.values(connections);
  const [first] = all
    .flatMap(({ delivery }) => delivery ?? [])
    .sort((a, b) => urgency.indexOf(a.state) - urgency.indexOf(b.state));
  const orphans = all.find(isOrphaned);
  if (first === undefined && orphans === undefined)
    return { tone: 'plain', text: 'Delivering: no connection is configured' };
  if (first?.state === 'parked' || first?.state === 'retrying') {
    const { lastError, nextAttemptInMs, requestsInFlight } = first;
    const what = first.state === 'parked' ? 'Mixpanel refuses every request' : 'retrying';
    const since = lastError?.resolvedAt === null ? ` since ${timeOf(lastError.since)}` : '';
    const wait = nextAttemptInMs === undefined ? undefined : nextAttemptInMs - age;
    const next =
      requestsInFlight > 0 || (wait !== undefined && wait <= 0)
        ? ', trying now'
        : wait === undefined
          ? ''
          : `, next attempt in ${span(Math.max(1_000, wait))}`;
    return { tone: 'bad', text: `Delivering ✗, ${what}${since}${next}` };
  }
  if (orphans !== undefined)
    return { tone: 'bad', text: 'Delivering ✗, events of a connection that is no longer configured wait' };
  if (first?.state === 'held') return { tone: 'warn', text: 'Delivering: held by the configuration' };
  return { tone: 'good', text: 'Delivering ✓' };
}

/** Dead letters: a warning while they are new, or may be. */
function refused(status: Status, { now, isRefusingMore, newestRefusal }: Moment): readonly Phrase[] {
  const { dead } = serviceFigures(status);
  if (dead === 0) return [];
  const text = `${counted(dead, 'event')} refused`;
  if (isRefusingMore) return [{ tone: 'bad', text: `${text}, growing`, view: 'dead-letters' }];
  const isOld = newestRefusal !== undefined && now - Date.parse(newestRefusal) > newFor;
  return [{ tone: isOld ? 'plain' : 'warn', text, view: 'dead-letters' }];
}

const isOrphaned = ({ delivery, pending }: Connection): boolean => delivery === null && pending.events > 0;

function waiting(status: Status): Phrase {
  const { waiting: events, early } = serviceFigures(status);
  const quarantined = Object.values(status.connections).reduce(
    (all, each) => all + each.quarantined.events,
    0,
  );
  if (quarantined > 0)
    return {
      tone: 'bad',
      text: `${counted(events, 'event')} waiting, ${counted(quarantined, 'event')} of them for an operator`,
    };
  if (events === 0) return { tone: 'plain', text: 'Nothing waiting' };
  const own = early > 0 ? `, ${early === events ? 'all' : early} for their own time` : '';
  return { tone: 'plain', text: `${counted(events, 'event')} waiting${own}` };
}

function cohorts(status: Status, { now }: Moment): Phrase {
  const { syncs } = serviceFigures(status);
  if (syncs.length === 0) return { tone: 'plain', text: 'No cohort syncs' };
  const failing = syncs.filter(each => failureOf(each) !== null).length;
  if (failing > 0)
    return { tone: 'bad', text: `Cohorts ✗, ${failing} of ${counted(syncs.length, 'sync')} failing` };
  const held = syncs.filter(each => each.held !== null).length;
  if (held > 0)
    return { tone: 'warn', text: `Cohorts: ${counted(held, 'change')} waiting for you to confirm` };
  if (syncs.some(({ running }) => running)) return { tone: 'good', text: 'Cohorts ✓, a sync is running' };
  const next = soonest(syncs.map(({ nextRun }) => nextRun));
  const then = next === null ? '' : `, next run ${relative(Date.parse(next), now)}`;
  return { tone: 'good', text: `Cohorts ✓${then}` };
}
