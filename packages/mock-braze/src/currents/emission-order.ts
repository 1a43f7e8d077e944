import type { EmittedEvent } from './current.ts';

/** How far emitted events keep to "once each, in order", which Braze does not promise. */
export interface Unruliness {
  /** Probability with which an event is sent a second time, with the same id. */
  readonly duplicates: number;
  /** Whether events leave in an order of chance instead of their own. */
  readonly disorder: boolean;
}

/** The events as they leave. Without unruliness they are those given. */
export function unruly(
  events: readonly EmittedEvent[],
  { duplicates, disorder }: Unruliness,
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
