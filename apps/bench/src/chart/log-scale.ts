/** A logarithmic axis. */
export interface Scale {
  /** Values with a mark on the axis: 1, 2 and 5 times powers of ten, within the axis. */
  readonly ticks: readonly number[];
  /** Place of a value, to a tenth of a unit of the drawing. */
  at(value: number): number;
}

/**
 * The axis from the tick at or below the lowest value to the tick at or above the highest.
 *
 * @param values all above 0 @param range of places, which may decrease
 */
export function logScale(values: readonly number[], [from, to]: readonly [number, number]): Scale {
  const [lowest, highest] = values.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Number.POSITIVE_INFINITY, 0],
  ) as [number, number];
  const powers = Array.from(
    { length: Math.floor(Math.log10(highest)) - Math.floor(Math.log10(lowest)) + 2 },
    (_, index) => 10 ** (Math.floor(Math.log10(lowest)) + index),
  );
  const all = powers.flatMap(power => [1, 2, 5].map(times => times * power));
  const first = all.findLastIndex(tick => tick <= lowest);
  const last = all.findIndex(tick => tick >= highest);
  const ticks = all.slice(first, Math.max(last, first + 1) + 1);
  const [low, high] = [Math.log(ticks[0]!), Math.log(ticks.at(-1)!)];
  return {
    ticks,
    at: value => Math.round((from + ((Math.log(value) - low) / (high - low)) * (to - from)) * 10) / 10,
  };
}
