import { about } from '../app/about.ts';
import { count } from '../parts/format.ts';

/** Says that older events are gone, from the number of stored events on at which the sandbox drops them. */
export function keptNote(stored: number | undefined): string | undefined {
  const { keptEvents } = about();
  return keptEvents !== undefined && stored !== undefined && stored >= keptEvents
    ? `The sandbox keeps only the newest ${count(keptEvents)} events.`
    : undefined;
}
