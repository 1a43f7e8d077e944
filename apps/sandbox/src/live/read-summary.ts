import { call } from '../control.ts';
import { type CohortOutcome, readCohorts } from '../scenario/cohorts.ts';
import { type Stack, sandboxKeys } from '../wiring.ts';

export interface Summary {
  emitted: number;
  accepted: number;
  imported: number;
  /** By reason. */
  skipped: Record<string, number>;
  deadLettered: number;
  pending: number;
  /** Number of events in Mixpanel, after de-duplication. */
  stored: number;
  cohorts: (CohortOutcome & {
    /** Milliseconds until its next sync; `null` without one. */
    nextSyncIn: number | null;
  })[];
}

/** The sum of counts by reason. */
export const sum = (counts: Record<string, number>) =>
  Object.values(counts).reduce((total, count) => total + count, 0);

/** The live summary. Every number is read from the server that owns it. */
export async function readSummary(stack: Stack, current: string): Promise<Summary> {
  const [currents, status, events, cohorts, nextSyncs] = await Promise.all([
    call<{ id: string; sent: number }[]>('GET', `${stack.braze}/_sim/currents`),
    call<{
      connections: Record<
        string,
        {
          accepted: number;
          imported: number;
          skipped: Record<string, number>;
          deadLettered: Record<string, number>;
          pending: { events: number };
        }
      >;
    }>('GET', `${stack.service}/status`),
    call<{ unique: number }>('GET', `${stack.mixpanel}/_sim/events?event=none&fields=$insert_id`),
    readCohorts(stack),
    readNextSyncs(stack),
  ]);
  const counts = status.connections.default!;
  return {
    emitted: currents.find(({ id }) => id === current)?.sent ?? 0,
    accepted: counts.accepted,
    imported: counts.imported,
    skipped: counts.skipped,
    deadLettered: sum(counts.deadLettered),
    pending: counts.pending.events,
    stored: events.unique,
    cohorts: cohorts.map(each => ({ ...each, nextSyncIn: nextSyncs.get(String(each.id)) ?? null })),
  };
}

/** Milliseconds on the simulated clock until the next sync of each cohort that has one. */
async function readNextSyncs({ mixpanel, service }: Stack): Promise<Map<string, number>> {
  const token = sandboxKeys.adminToken;
  const [clock, pushes, { cohorts }] = await Promise.all([
    call<{ now: number }>('GET', `${mixpanel}/_sim/clock`),
    call<{ cohort: number; nextRunAt: string | null }[]>('GET', `${mixpanel}/_sim/syncs`),
    call<{ cohorts: { cohort: string; source: string; nextRun: string | null }[] }>(
      'GET',
      `${service}/api/cohorts`,
      undefined,
      { token },
    ),
  ]);
  const due = [
    ...pushes.map(({ cohort, nextRunAt }) => [String(cohort), nextRunAt] as const),
    // The service plans only what it reads itself: a webhook is sent by Mixpanel.
    ...cohorts
      .filter(({ source }) => source === 'query')
      .map(({ cohort, nextRun }) => [cohort, nextRun] as const),
  ];
  return new Map(
    due.flatMap(([cohort, at]) => (at === null ? [] : [[cohort, Math.max(0, Date.parse(at) - clock.now)]])),
  );
}
