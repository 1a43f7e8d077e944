import { call } from '../control.ts';
import { type CohortOutcome, membersInBraze, readCohorts, sandboxCohorts } from '../scenario/cohorts.ts';
import { type Stack, sandboxKeys } from '../wiring.ts';

/** A Current of mock Braze: its counts since it was created, and its destination. */
export interface CurrentFacts {
  readonly name: string;
  readonly state: string;
  readonly to: 'service' | 'mixpanel' | 'files' | 'elsewhere';
  readonly sent: number;
  /** Events that occurred while it was not launched. */
  readonly missed: number;
  /** Events that Braze gave up on. */
  readonly dropped: number;
  /** Events in the queues of Braze. */
  readonly waiting: number;
  /** The status or the error of its last answer while it fails; `null` while it does not. */
  readonly failure: string | null;
}

export interface CohortFacts extends CohortOutcome {
  /** Members in Mixpanel that are not in Braze, and the reverse. */
  readonly joined: number;
  readonly left: number;
  /** Of the joined ones, those that are not users of Braze. */
  readonly unknown: number;
  readonly state: 'waiting' | 'running' | 'retrying' | 'held' | 'paused' | 'done';
  /** Milliseconds on the simulated clock until its next run; `null` without one. */
  readonly nextSyncIn: number | null;
  /** Why its last run failed, or why it is paused. */
  readonly problem: string | null;
}

export interface Summary {
  readonly currents: readonly CurrentFacts[];
  readonly accepted: number;
  readonly imported: number;
  /** By reason. */
  readonly skipped: Readonly<Record<string, number>>;
  readonly deadLettered: number;
  readonly pending: number;
  /** Why deliveries to Mixpanel fail now. */
  readonly failure: string | null;
  /** Number of events in Mixpanel, after de-duplication and before. */
  readonly unique: number;
  readonly raw: number;
  /** Number of active faults. */
  readonly faults: { readonly braze: number; readonly mixpanel: number };
  readonly cohorts: readonly CohortFacts[];
}

/** The sum of counts by reason. */
export const sum = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((total, count) => total + count, 0);

interface ConnectionStatus {
  readonly accepted: number;
  readonly imported: number;
  readonly skipped: Readonly<Record<string, number>>;
  readonly deadLettered: Readonly<Record<string, number>>;
  readonly pending: { readonly events: number };
  readonly delivery: {
    readonly state: string;
    readonly lastError?: { readonly message: string; readonly resolvedAt: string | null };
  } | null;
}

/**
 * The live summary. Every number is read from the server that owns it. The service is read before Braze and
 * Mixpanel: an event in transit is then missing from its counts, instead of appearing in more events than were sent.
 */
export async function readSummary(stack: Stack): Promise<Summary> {
  const { connections } = await call<{ connections: { default: ConnectionStatus } }>(
    'GET',
    `${stack.service}/status`,
  );
  const { accepted, imported, skipped, deadLettered, pending, delivery } = connections.default;
  const [currents, events, cohorts, inBraze, inMixpanel] = await Promise.all([
    call<CurrentReport[]>('GET', `${stack.braze}/_sim/currents`),
    call<{ unique: number; raw: number }>('GET', `${stack.mixpanel}/_sim/events/count`),
    readCohortFacts(stack),
    countFaults(stack.braze),
    countFaults(stack.mixpanel),
  ]);
  const fails = delivery?.state === 'retrying' || delivery?.state === 'parked';
  const error = delivery?.lastError;
  return {
    currents: currents.map(each => currentFacts(each, stack)),
    accepted,
    imported,
    skipped,
    deadLettered: sum(deadLettered),
    pending: pending.events,
    failure: fails && error?.resolvedAt === null ? error.message : null,
    unique: events.unique,
    raw: events.raw,
    faults: { braze: inBraze, mixpanel: inMixpanel },
    cohorts,
  };
}

async function countFaults(simulator: string): Promise<number> {
  return (await call<{ faults: unknown[] }>('GET', `${simulator}/_sim/faults`)).faults.length;
}

interface CurrentReport {
  readonly kind: string;
  readonly name: string;
  readonly state: string;
  readonly endpoint?: string;
  readonly apiUrl?: string;
  readonly sent: number;
  readonly missed: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly lastAnswer: { readonly status?: number; readonly error?: string } | null;
  readonly failingSince: string | null;
  readonly queues: readonly { readonly pending: number; readonly waiting: number; readonly held: number }[];
}

function currentFacts(report: CurrentReport, stack: Stack): CurrentFacts {
  const { name, state, sent, missed, dropped, lastAnswer, failingSince } = report;
  return {
    ...{ name, state, sent, missed },
    to: destinationOf(report, stack),
    dropped: sum(dropped),
    waiting: report.queues.reduce((total, { pending, waiting, held }) => total + pending + waiting + held, 0),
    failure: failingSince === null ? null : String(lastAnswer?.status ?? lastAnswer?.error ?? 'no answer'),
  };
}

function destinationOf({ kind, endpoint, apiUrl }: CurrentReport, stack: Stack): CurrentFacts['to'] {
  if (kind === 'storage') return 'files';
  if (endpoint?.startsWith(`${stack.service}/`)) return 'service';
  return apiUrl === stack.mixpanel ? 'mixpanel' : 'elsewhere';
}

interface Push {
  readonly cohort: number;
  readonly state: string;
  readonly reason: string | null;
  readonly nextRunAt: string | null;
  readonly destination: { readonly type: string };
}

interface ServiceSync {
  readonly cohort: string;
  readonly source: string;
  readonly status: string;
  readonly running: boolean;
  readonly nextRun: string | null;
  readonly nextRunFor: string | null;
  readonly held: unknown;
  readonly problem: { readonly message: string } | null;
}

async function readCohortFacts(stack: Stack): Promise<CohortFacts[]> {
  const token = sandboxKeys.adminToken;
  const [outcomes, clock, pushes, { cohorts: syncs }, lists, users] = await Promise.all([
    readCohorts(stack),
    call<{ now: number }>('GET', `${stack.mixpanel}/_sim/clock`),
    call<Push[]>('GET', `${stack.mixpanel}/_sim/syncs`),
    call<{ cohorts: ServiceSync[] }>('GET', `${stack.service}/api/cohorts`, undefined, { token }),
    call<{ id: number; members: Member[] }[]>('GET', `${stack.mixpanel}/_sim/cohorts`),
    call<{ external_id?: string }[]>('GET', `${stack.braze}/_sim/users`),
  ]);
  const known = new Set(users.map(({ external_id }) => external_id));
  return Promise.all(
    outcomes.map(async outcome => {
      const each = sandboxCohorts.find(({ id }) => id === outcome.id)!;
      const members = new Set(lists.find(({ id }) => id === each.id)?.members.map(idInBraze));
      const there = new Set(await membersInBraze(stack, each));
      const joined = members.difference(there);
      // Mixpanel plans the pushes of a webhook, the service what it reads itself.
      const push =
        each.source === 'webhook'
          ? pushes.find(({ cohort, destination }) => cohort === each.id && destination.type === 'webhook')
          : undefined;
      const sync = syncs.find(({ cohort }) => cohort === String(each.id));
      const nextAt =
        each.source === 'query' || sync?.nextRunFor === 'retry' ? sync?.nextRun : push?.nextRunAt;
      return {
        ...outcome,
        joined: joined.size,
        left: there.difference(members).size,
        unknown: [...joined].filter(id => !known.has(id)).length,
        state: stateOf(sync, push),
        nextSyncIn: nextAt ? Math.max(0, Date.parse(nextAt) - clock.now) : null,
        problem: sync?.problem?.message ?? push?.reason ?? null,
      };
    }),
  );
}

interface Member {
  readonly distinct_id: string;
  readonly properties?: { readonly $braze_external_id?: string };
}

const idInBraze = ({ distinct_id, properties }: Member) => properties?.$braze_external_id ?? distinct_id;

function stateOf(sync: ServiceSync | undefined, push: Push | undefined): CohortFacts['state'] {
  if (sync?.status === 'done') return 'done';
  if (sync?.status === 'paused' || push?.state === 'paused') return 'paused';
  if (sync?.running || push?.state === 'syncing') return 'running';
  if (sync?.held) return 'held';
  return sync?.problem ? 'retrying' : 'waiting';
}
