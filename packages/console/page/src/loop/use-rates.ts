import { useRef } from 'preact/hooks';

/** A counter at a moment. */
interface Sample {
  readonly at: number;
  readonly value: number;
}

/** Samples that are kept: with one every two seconds, the last two minutes. */
const kept = 61;
/** Milliseconds over which the present rate is taken: longer than one poll, so that it does not flicker. */
const window = 6_000;

export interface Rate {
  /** Per second; `undefined` before the second sample, and after a gap in what is known. */
  readonly perSecond: number | undefined;
  /** Rates between the samples, oldest first. */
  readonly history: readonly number[];
}

/** The rate of a counter, from its values at the moments when they were read. A restarted counter starts anew. */
export function useRate(value: number | undefined, at: number): Rate {
  const samples = useRef<Sample[]>([]);
  const known = useRef<Rate>({ perSecond: undefined, history: [] });
  const last = samples.current.at(-1);
  if (value === undefined) {
    if (last !== undefined) known.current = { ...known.current, perSecond: undefined };
    samples.current = [];
  } else if (last === undefined || at > last.at) {
    if (last !== undefined && value < last.value) samples.current = [];
    samples.current = [...samples.current, { at, value }].slice(-kept);
    known.current = rateOf(samples.current);
  }
  return known.current;
}

function rateOf(samples: readonly Sample[]): Rate {
  const history = samples.slice(1).map((each, index) => between(samples[index]!, each));
  const last = samples.at(-1)!;
  const first = samples.findLast(({ at }) => last.at - at >= window) ?? samples[0]!;
  return { perSecond: first === last ? undefined : between(first, last), history };
}

const between = (from: Sample, to: Sample): number => ((to.value - from.value) * 1_000) / (to.at - from.at);
