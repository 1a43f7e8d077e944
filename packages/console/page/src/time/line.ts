import type { Follower } from '../app/follower.ts';
import { routeOf } from '../app/route-of.ts';
import type { Sync } from '../mock-mixpanel/sync.ts';
import { counted, inWords } from '../parts/format.ts';
import type { CohortSync, Status } from '../service/status.ts';
import { nextRunOf } from '../service/sync-schedule.ts';

/** The answer of `/_sim/clock/timers`. */
export interface Timers {
  readonly total: number;
  readonly scheduled: readonly { readonly at: number; readonly name: string }[];
  readonly ran: readonly { readonly at: number; readonly name: string; readonly error: string | null }[];
}

/** One thing on the time line. */
export interface Entry {
  readonly key: string;
  /** Simulated time, milliseconds since 1970. */
  readonly at: number;
  readonly server: string;
  readonly title: string;
  readonly text?: string | undefined;
  /** Route of the view that has it. */
  readonly route?: string | undefined;
  /** Of what happened: how it ended. */
  readonly outcome?: 'good' | 'bad' | undefined;
}

interface Known {
  readonly syncs: readonly Sync[];
  /** Names of cohorts in Mixpanel, by their ID. */
  readonly cohorts: ReadonlyMap<number, string>;
  readonly currents: readonly { readonly id: string; readonly name: string }[];
}

const nameOf = ({ syncs, cohorts }: Known, id: string): string => {
  const cohort = syncs.find(sync => sync.id === id)?.cohort;
  if (cohort === undefined) return id;
  return cohorts.get(cohort) ?? `cohort ${cohort}`;
};

/** Timers of a Current: what each does, and after that a type of events or nothing. */
const ofCurrent: readonly (readonly [prefix: string, does: string])[] = [
  ['Currents retry of ', 'redelivery'],
  ['Currents flush of ', 'batch of waiting events'],
  ['Currents late batch of ', 'late batch'],
  ['Currents disabling', 'Braze disables it, since it fails'],
  ['Currents queue of a disabled Current', 'Braze drops what the disabled Current did not send'],
];

/** A timer that its owner gave no name: it says nothing to a user. */
const isUnnamed = (name: string): boolean => /(^|: )(job|timer)?$/.test(name);

/** A timer of a simulator in the words of its vendor; timers of one kind are together. */
function wordsOf(server: string, name: string, known: Known): Omit<Entry, 'at' | 'key' | 'outcome'> {
  const sync = /^cohort sync (\S+?)(, on request)?$/.exec(name)?.[1];
  if (sync !== undefined)
    return {
      ...{ server, title: `Cohort sync of ${nameOf(known, sync)}` },
      route: routeOf(server, 'syncs', sync),
    };
  const [id = '', timer] = name.split(': Currents ');
  const what = timer === undefined ? '' : `Currents ${timer}`;
  const [prefix, does] = ofCurrent.find(([start]) => what.startsWith(start)) ?? [];
  if (prefix !== undefined && does !== undefined) {
    const current = known.currents.find(each => each.id === id)?.name ?? id;
    const text = what.slice(prefix.length) || undefined;
    return { server, title: `Current ${current}: ${does}`, text, route: routeOf(server, 'currents', id) };
  }
  const [, task, stage = ''] = /^deletion (\S+): (\w+)$/.exec(name) ?? [];
  if (task !== undefined) return { server, title: `Deletion of users ${task}: ${stage.toLowerCase()}` };
  return { server, title: inWords(name) };
}

/** Entries of one title at one second as one, with their number. */
function together(entries: readonly Entry[]): Entry[] {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const key = [entry.server, Math.floor(entry.at / 1_000), entry.title, entry.outcome].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  return [...groups].map(([key, [first, ...more]]) => ({
    ...first!,
    key,
    ...(more.length > 0 && { text: counted(more.length + 1, 'event type') }),
  }));
}

/** What is scheduled in a simulator. */
export const scheduledIn = (server: string, { scheduled }: Timers, known: Known): Entry[] =>
  together(
    scheduled
      .filter(({ name }) => !isUnnamed(name))
      .map(({ at, name }) => ({ key: '', at, ...wordsOf(server, name, known) })),
  );

/** The next thing of each process on the clock that this console does not show. */
export const scheduledByFollowers = (followers: readonly Follower[], shown: readonly string[]): Entry[] =>
  followers.flatMap(({ follower, nextDue: at, nextName }) => {
    const isShown = shown.some(name => follower.startsWith(`${name}-`));
    if (at === null || nextName === null || isUnnamed(nextName) || isShown) return [];
    // The name of a follower ends with a UUID, of five parts.
    const server = follower.split('-').slice(0, -5).join('-') || follower;
    return [{ key: `follower ${follower}`, at, server, title: inWords(nextName) }];
  });

/** What happened in a simulator. The runs of syncs tell more than their timers. */
export const happenedIn = (server: string, { ran }: Timers, known: Known): Entry[] => [
  ...together(
    ran
      .filter(({ name, error }) => error !== null || !(name.startsWith('cohort sync ') || isUnnamed(name)))
      .map(({ at, name, error }) => {
        const words = wordsOf(server, name, known);
        return {
          ...words,
          ...{ key: '', at, outcome: error === null ? ('good' as const) : ('bad' as const) },
          text: error ?? words.text,
        };
      }),
  ),
];

/** The runs of the cohort syncs of Mixpanel. */
export const runsOf = (server: string, known: Known): Entry[] =>
  known.syncs.flatMap(({ id, history }) =>
    history.slice(0, 20).map(({ startedAt, kind, joined, left, outcome, error }, index) => ({
      key: `${server} run ${id} ${history.length - index}`,
      at: Date.parse(startedAt),
      server,
      title: `Cohort sync of ${nameOf(known, id)}`,
      text:
        error ??
        (kind === 'full'
          ? `the whole list, ${counted(joined, 'member')}`
          : `${counted(joined, 'member')} joined, ${counted(left, 'member')} left`),
      route: routeOf(server, 'syncs', id),
      outcome: outcome === 'succeeded' ? ('good' as const) : ('bad' as const),
    })),
  );

/**
 * What is scheduled in the service: runs of its cohort syncs, and the next attempt of a failing delivery. Its other timers
 * (retention, stored counts) concern no user.
 */
export function scheduledInService(server: string, status: Status, now: number): Entry[] {
  const syncOf = (sync: CohortSync): Entry[] =>
    sync.nextRun === null
      ? []
      : [
          {
            key: `${server} ${sync.id}`,
            at: Date.parse(sync.nextRun),
            server,
            title: `Cohort sync of ${sync.name}`,
            text: nextRunOf(sync) ?? undefined,
            route: routeOf(server, 'cohorts', sync.id),
          },
        ];
  return Object.entries(status.connections).flatMap(([name, { cohorts, delivery }]) => [
    ...cohorts.flatMap(syncOf),
    ...(delivery?.nextAttemptInMs === undefined
      ? []
      : [
          {
            key: `${server} delivery ${name}`,
            at: now + delivery.nextAttemptInMs,
            server,
            title: `Delivery of connection ${name} to Mixpanel: next attempt`,
            text: delivery.lastError?.message,
            route: routeOf(server, 'connections'),
          },
        ]),
  ]);
}
