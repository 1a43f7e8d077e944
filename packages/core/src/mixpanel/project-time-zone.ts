/** Times of UTC and of a zone's clocks, in seconds; `localSeconds` reads the clocks as if they showed UTC. */
export interface ProjectTimeZone {
  /** `YYYY-MM-DD` in the zone, of milliseconds since 1970. */
  dayOf(milliseconds: number): string;
  toLocal(seconds: number): number;
  /**
   * The time at which the clocks show `localSeconds`. Of the two times in the hour that is repeated when
   * clocks go back it is the earlier one, and a time that is skipped when they go forward counts on.
   */
  toUtc(localSeconds: number): number;
}

/** Whether it is the name of a time zone, such as `Europe/Berlin`. Offsets such as `+01:00` are no names. */
export function isTimeZone(name: string): boolean {
  // The default of every setting: the first formatter of a process takes 25 ms.
  if (name === 'UTC') return true;
  try {
    return /^[a-z]/i.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

/**
 * The time zone of a Mixpanel project.
 *
 * The raw export of a project created before 2023 has days and times of its zone: `time` is what the clocks
 * showed, as if that were UTC. Later projects use UTC for both.
 *
 * @param name of the IANA time zone database. @throws RangeError for another.
 * @see https://docs.mixpanel.com/docs/export-methods
 * @example
 * ```ts
 * import { projectTimeZone } from '@braze-mixpanel/core/mixpanel';
 *
 * const zone = projectTimeZone('America/New_York');
 * console.log(zone.dayOf(Date.UTC(2026, 0, 31, 3))); // 2026-01-30
 * ```
 */
export function projectTimeZone(name: string): ProjectTimeZone {
  const offsetAt = offsets(name);
  const toLocal = (seconds: number) => seconds + offsetAt(seconds);
  return {
    dayOf: milliseconds =>
      new Date(toLocal(Math.floor(milliseconds / 1_000)) * 1_000).toISOString().slice(0, 10),
    toLocal,
    toUtc: localSeconds => {
      const before = localSeconds - offsetAt(localSeconds - daySeconds);
      const after = localSeconds - offsetAt(localSeconds + daySeconds);
      return toLocal(before) === localSeconds || toLocal(after) !== localSeconds ? before : after;
    },
  };
}

const daySeconds = 86_400;
/** Maximum of remembered minutes: about two months. */
const mostMinutes = 90_000;

/** The seconds by which the zone is ahead of UTC. Remembered by minute, since asking takes microseconds. */
function offsets(timeZone: string): (seconds: number) => number {
  if (timeZone === 'UTC') return () => 0;
  const clock = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23' },
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' },
  });
  const known = new Map<number, number>();
  return seconds => {
    const minute = Math.floor(seconds / 60);
    const remembered = known.get(minute);
    if (remembered !== undefined) return remembered;
    const parts = clock.formatToParts(minute * 60_000).map(({ type, value }) => [type, Number(value)]);
    const { year = 0, month = 0, day = 0, hour = 0, minute: shown = 0 } = Object.fromEntries(parts);
    const offset = Date.UTC(year, month - 1, day, hour, shown) / 1_000 - minute * 60;
    if (known.size === mostMinutes) known.clear();
    known.set(minute, offset);
    return offset;
  };
}
