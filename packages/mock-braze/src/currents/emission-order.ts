import type { EmittedEvent } from './current.ts';

/** The delivery anomalies of Braze, which guarantees neither exactly-once delivery nor order. */
export interface EmissionOrder {
  /** Share of events that are sent a second time, with the same ID (0 to 1). */
  readonly duplicates: number;
  /** Whether events are sent in random order. */
  readonly disorder: boolean;
}

/** The events in sending order: with duplicates, and shuffled, if requested. */
export function ordered(
  events: readonly EmittedEvent[],
  { duplicates, disorder }: EmissionOrder,
  random: () => number,
): readonly EmittedEvent[] {
  if (duplicates === 0 && !disorder) return events;
  const leaving = events.flatMap(event => (random() < duplicates ? [event, event] : [event]));
  if (!disorder) return leaving;
  for (let last = leaving.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [leaving[last], leaving[other]] = [leaving[other]!, leaving[last]!];
  }
  return leaving;
}
