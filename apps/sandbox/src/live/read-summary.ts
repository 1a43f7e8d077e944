import { call } from '../control.ts';
import { type CohortOutcome, readCohorts } from '../scenario/cohorts.ts';
import type { Stack } from '../wiring.ts';

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
  cohorts: CohortOutcome[];
}

/** The sum of counts by reason. */
export const sum = (counts: Record<string, number>) =>
  Object.values(counts).reduce((total, count) => total + count, 0);

/** The live summary. Every number is read from the server that owns it. */
export async function readSummary(stack: Stack, current: string): Promise<Summary> {
  const [currents, status, events, cohorts] = await Promise.all([
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
    cohorts,
  };
}
