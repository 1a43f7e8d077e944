import type { EmittedEvent } from './current.ts';

/** How events leave Braze, which promises neither "once each" nor "in order". */
export interface EmissionOrder {
  /** Probability with which an event is sent a second time, with the same id. */
  readonly duplicates: number;
  /** Whether events leave in random order. */
  readonly disorder: boolean;
}

/** The events as they leave: with duplicates, and shuffled, where that is asked for. */
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
