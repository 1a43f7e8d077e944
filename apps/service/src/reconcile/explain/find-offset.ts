/** A number of events on a day by one side, and what the other side has of that day at an offset. */
export interface DayOfBothSides {
  readonly event: string;
  readonly expected: number;
  /** At the offset of the settings. */
  readonly configured: number;
  /** At another one, in seconds; `partly` where a part of that day was not read, so that events may be missing. */
  at(offset: number): { readonly events: number; readonly partly: boolean };
}

/** The first one, in order of preference, of the offsets that are equally good; the least and the greatest of them. */
export interface FoundOffset {
  readonly offset: number;
  readonly first: number;
  readonly last: number;
}

/** Of the events that are on another day, the part that another offset may leave. */
const mostLeft = 0.2;
/** So many days that another offset corrects are evidence, though events are missing over the whole period. */
const enoughDays = 3;

/**
 * The offset at which both sides have the events on the same days, where the configured one has them on others.
 * `undefined` if there is no such offset, or all days are right already. It must leave a fifth at most of what is on
 * another day:
 *
 * - where some days have more and others fewer, beside what is missing or too many over the whole period;
 * - else of all, and correct three days at least, since one loss on one day looks like a shift as well.
 *
 * At least half of the days must be read whole with it. Pure.
 *
 * @param offsets candidates in seconds, in order of preference
 */
export function findOffset(
  days: readonly DayOfBothSides[],
  offsets: readonly number[],
): FoundOffset | undefined {
  const balances = new Map<string, number>();
  let wrong = 0;
  for (const { event, expected, configured } of days) {
    wrong += Math.abs(configured - expected);
    balances.set(event, (balances.get(event) ?? 0) + configured - expected);
  }
  if (wrong === 0) return undefined;
  const lasting = [...balances.values()].reduce((sum, each) => sum + Math.abs(each), 0);
  const fits = offsets
    .map(offset => fitOf(days, offset))
    .filter(({ partly }) => 2 * partly <= days.length)
    .toSorted((one, other) => one.left - other.left || one.missing - other.missing);
  const equal = fits.filter(({ left, missing }) => left === fits[0]?.left && missing === fits[0].missing);
  const [best] = equal;
  if (best === undefined) return undefined;
  const isBalanced = wrong > lasting && best.left - lasting <= mostLeft * (wrong - lasting);
  const isCorrected = best.wrongDays >= enoughDays && best.left <= mostLeft * best.wrong;
  if (!isBalanced && !isCorrected) return undefined;
  const fitting = equal.map(({ offset }) => offset).toSorted((one, other) => one - other);
  return { offset: best.offset, first: fitting[0]!, last: fitting.at(-1)! };
}

/**
 * Offsets at which both sides have as many events on each day as at the configured one, apart from it: the least and the
 * greatest. With events at any time of the day, it is the only one. Pure.
 */
export function asGoodAsConfigured(
  days: readonly DayOfBothSides[],
  offsets: readonly number[],
): Pick<FoundOffset, 'first' | 'last'> {
  const wrong = days.reduce((sum, { configured, expected }) => sum + Math.abs(configured - expected), 0);
  const equal = offsets.filter(offset => {
    const { left, missing } = fitOf(days, offset);
    return left + missing === wrong;
  });
  return {
    first: equal.reduce((least, each) => Math.min(least, each), 0),
    last: equal.reduce((most, each) => Math.max(most, each), 0),
  };
}

interface Fit {
  readonly offset: number;
  /** Events that are still on another day. */
  readonly left: number;
  /** Events that are missing on days that are read in part with it, and the number of these days. */
  readonly missing: number;
  readonly partly: number;
  /** Events that are on another day without it, and the days, as far as these are read whole with it. */
  readonly wrong: number;
  readonly wrongDays: number;
}

function fitOf(days: readonly DayOfBothSides[], offset: number): Fit {
  const fit = { offset, left: 0, missing: 0, partly: 0, wrong: 0, wrongDays: 0 };
  for (const { expected, configured, at } of days) {
    const { events, partly } = at(offset);
    const more = events - expected;
    fit.left += partly ? Math.max(0, more) : Math.abs(more);
    if (partly) {
      fit.missing += Math.max(0, -more);
      fit.partly += 1;
    } else if (configured !== expected) {
      fit.wrong += Math.abs(configured - expected);
      fit.wrongDays += 1;
    }
  }
  return fit;
}

/** Every offset of a time zone from a quarter of an hour to `most` hours ahead or behind, the smallest first. */
export const offsetsUpTo = (most: number): readonly number[] =>
  Array.from({ length: 4 * most }, (_, place) => (place + 1) * 900).flatMap(each => [each, -each]);

/** Offsets in words: `UTC+05:30`, or `UTC+05:00 to UTC+06:00`. */
export const offsetsText = ({ first, last }: Pick<FoundOffset, 'first' | 'last'>): string =>
  [...new Set([first, last])].map(offsetText).join(' to ');

/** Whether UTC is among offsets in words. */
export const fitsUtc = (text: string): boolean =>
  text.includes('UTC+00:00') || (text.includes('UTC-') && text.includes('UTC+'));

/** `UTC+05:30`. */
function offsetText(seconds: number): string {
  const minutes = Math.round(Math.abs(seconds) / 60);
  const two = (number: number) => String(number).padStart(2, '0');
  return `UTC${seconds < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
