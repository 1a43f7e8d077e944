import { type ProjectTimeZone, projectTimeZone } from '@braze-mixpanel/core/mixpanel';
import type { FoundOffset } from '../explain/find-offset.ts';

const daySeconds = 86_400;

/** The least and the greatest of some offsets, in seconds ahead of UTC. */
export interface OffsetRange {
  readonly first: number;
  readonly last: number;
}

/** Seconds by which a time zone is ahead of UTC. */
export const offsetAt = (zone: ProjectTimeZone, seconds: number): number => zone.toLocal(seconds) - seconds;

let world: readonly ProjectTimeZone[] | undefined;
/** Made at the first use: that takes 0.3 s. */
function zonesOfWorld(): readonly ProjectTimeZone[] {
  world ??= Intl.supportedValuesOf('timeZone').map(projectTimeZone);
  return world;
}

/**
 * The offsets that a time zone may have on a day, where the data of some days show by how much it is ahead of the one
 * in the settings. Another day may have another offset, since one of both zones may have changed: it has those of every
 * zone of the world that fits a day of the report.
 *
 * @param days `YYYY-MM-DD`
 */
export function offsetsOfDays(
  timeZone: string,
  { first, last }: Pick<FoundOffset, 'first' | 'last'>,
  days: readonly string[],
): (day: string) => OffsetRange {
  const starts = [...new Set(days.flatMap(day => [startOf(day), startOf(day) + daySeconds]))].sort();
  const configured = projectTimeZone(timeZone);
  const shown = new Map(
    starts.map(start => {
      const base = offsetAt(configured, start);
      return [start, { first: base + first, last: base + last }] as const;
    }),
  );
  const zones = zonesOfWorld()
    .map(zone => starts.map(start => offsetAt(zone, start)))
    .filter(offsets => starts.some((start, place) => isWithin(offsets[place]!, shown.get(start)!)));
  return day => {
    const places = [startOf(day), startOf(day) + daySeconds];
    const all = places.flatMap(start => [
      ...[shown.get(start)!.first, shown.get(start)!.last],
      ...zones.map(offsets => offsets[starts.indexOf(start)]!),
    ]);
    return { first: all.reduce((a, b) => Math.min(a, b)), last: all.reduce((a, b) => Math.max(a, b)) };
  };
}

const startOf = (day: string): number => Date.parse(day) / 1_000;
const isWithin = (offset: number, { first, last }: OffsetRange): boolean => offset >= first && offset <= last;
