import { type Counts, sumOf, unaccounted } from '../service/counts.ts';
import type { SentBatch } from './batches.ts';

/**
 * The conditions for the counts at any moment: every accepted event is accounted for, everything acknowledged
 * was accepted, nothing was accepted that was not sent, and no count decreases.
 */
export function problemsOfCounts(
  counts: Counts,
  before: Counts | undefined,
  { acknowledged, attempted }: { acknowledged: number; attempted: number },
): string[] {
  const problems = [unaccounted(counts)].filter(problem => problem !== undefined);
  const { accepted } = counts;
  if (accepted < acknowledged)
    problems.push(`${acknowledged} events were acknowledged, the service knows of ${accepted}`);
  if (accepted > attempted) problems.push(`${attempted} events were sent, ${accepted} are accepted`);
  if (before === undefined) return problems;
  const settled = (of: Counts) => [of.accepted, of.imported, sumOf(of.skipped), sumOf(of.deadLettered)];
  const [past, now] = [settled(before), settled(counts)];
  if (now.some((count, place) => count < past[place]!))
    problems.push(`counts went back from ${JSON.stringify(before)} to ${JSON.stringify(counts)}`);
  return problems;
}

export interface End {
  readonly counts: Counts;
  readonly braze: {
    readonly batches: readonly SentBatch[];
    readonly acknowledged: number;
    readonly attempted: number;
  };
  /** `$insert_id`s of Mixpanel's events. */
  readonly ids: readonly string[];
  readonly inMixpanel: { readonly raw: number; readonly unique: number };
}

/**
 * The conditions after everything was acknowledged, delivered and replayed: Mixpanel has exactly one event
 * for each accepted one that should arrive, and no others; the rest was skipped or is a dead letter, as often
 * as it was accepted.
 */
export function problemsOfEnd({ counts, braze, ids, inMixpanel }: End): string[] {
  const problems = problemsOfCounts(counts, undefined, braze);
  const events = braze.batches.flatMap(batch => batch.events);
  const wanted = new Set(events.filter(({ fate }) => fate === 'imported').map(({ id }) => id));
  const shown = new Set(ids);
  const missing = [...wanted].filter(id => !shown.has(id));
  const strange = [...shown].filter(id => !wanted.has(id));
  if (missing.length > 0)
    problems.push(`${missing.length} events are not in Mixpanel: ${missing.slice(0, 5).join(', ')}`);
  if (strange.length > 0)
    problems.push(`${strange.length} events are in Mixpanel unexpectedly: ${strange.slice(0, 5).join(', ')}`);
  if (ids.length !== shown.size) problems.push(`Mixpanel shows ${ids.length - shown.size} events twice`);
  if (inMixpanel.raw < counts.imported)
    problems.push(`${counts.imported} events count as imported, Mixpanel stored ${inMixpanel.raw}`);
  if (counts.accepted < events.length)
    problems.push(`${events.length} unique events were acknowledged, ${counts.accepted} are accepted`);
  const reasons = { skipped: counts.skipped, dead: counts.deadLettered };
  const expected = { skipped: ['no_external_user_id'], dead: ['unknown_event_type'] };
  for (const kind of ['skipped', 'dead'] as const) {
    const least = events.filter(({ fate }) => fate === kind).length;
    const count = sumOf(reasons[kind]);
    if (count < least) problems.push(`${least} events must be ${kind}, ${count} are`);
    const others = Object.keys(reasons[kind]).filter(
      reason => !expected[kind].includes(reason) && reasons[kind][reason] !== 0,
    );
    if (others.length > 0) problems.push(`events are ${kind} as ${others.join(', ')}`);
  }
  return problems;
}
