/** The figures of the picture, from the answers of the servers. What a server did not say is `undefined`, never 0. */
import { type CohortSync, type Connection, type Status, sum } from '../service/status.ts';

/** What the service counts, over all of its connections. */
export interface ServiceFigures {
  readonly accepted: number;
  readonly imported: number;
  readonly skipped: number;
  readonly dead: number;
  readonly waiting: number;
  /** Of those, the events whose own time has not come. */
  readonly early: number;
  /** Seconds; `null` where nothing waits. */
  readonly oldestSeconds: number | null;
  readonly syncs: readonly CohortSync[];
}

export function serviceFigures({ connections }: Status): ServiceFigures {
  const all = Object.values(connections);
  const total = (of: (connection: Connection) => number) => all.reduce((sofar, each) => sofar + of(each), 0);
  return {
    accepted: total(({ accepted }) => accepted),
    imported: total(({ imported }) => imported),
    skipped: total(({ skipped }) => sum(skipped)),
    dead: total(({ deadLettered }) => sum(deadLettered)),
    waiting: total(({ pending }) => pending.events),
    early: total(({ pending }) => pending.early),
    oldestSeconds: all.reduce<number | null>(
      (oldest, { pending: { oldestSeconds: age } }) => (age === null ? oldest : Math.max(age, oldest ?? 0)),
      null,
    ),
    syncs: all.flatMap(({ cohorts }) => cohorts),
  };
}

/** The members of all lists: `undefined` where one of them is not known. */
export function membersOf(
  syncs: readonly CohortSync[],
  of: (sync: CohortSync) => number | null,
): number | undefined {
  const known = syncs.flatMap(each => of(each) ?? []);
  return known.length < syncs.length ? undefined : known.reduce((all, each) => all + each, 0);
}

/** The newest of several moments; `null` where there is none. */
export const newest = (moments: readonly (string | null)[]): string | null =>
  moments.reduce((last, each) => (each !== null && (last === null || each > last) ? each : last), null);

/** The first of several moments; `null` where there is none. */
export const soonest = (moments: readonly (string | null)[]): string | null =>
  moments.reduce((first, each) => (each !== null && (first === null || each < first) ? each : first), null);
