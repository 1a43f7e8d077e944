import { createRandom } from '../random.ts';
import { type Fault, type FaultInput, faultSchema } from './catalogue.ts';

/** A fault in force, and what it has done so far. */
export type ActiveFault = Fault & {
  readonly id: string;
  readonly seen: number;
  readonly struck: number;
  /** Simulated moment at which it ends, ISO 8601; of a fault with a span alone. */
  readonly until?: string;
};

/** What strikes one request: waiting first, then at most one failure. */
export interface SampledFault {
  readonly latency: number;
  readonly failure: Exclude<Fault, { kind: 'latency' }> | undefined;
  /** The sequence of the failure that struck, for what it decides by chance. */
  readonly random: () => number;
}

export interface FaultPlan {
  add(fault: FaultInput): ActiveFault;
  list(): ActiveFault[];
  remove(id: string): boolean;
  /** Takes all faults away; the next one added gets the first sequence again. */
  clear(): void;
  sample(route: string): SampledFault;
}

/**
 * The faults in force, in the order in which they were added. Each draws from a sequence of its own, made from the seed and its
 * number, so the same seed, faults and requests fail in the same places. Latencies add up; the first failure that strikes wins.
 */
export function createFaultPlan(
  seed: string | number,
  clock: { now(): number } = { now: () => 0 },
): FaultPlan {
  interface Entry {
    readonly id: string;
    readonly fault: Fault;
    readonly random: () => number;
    readonly until: number;
    seen: number;
    struck: number;
  }
  const entries: Entry[] = [];
  let count = 0;

  const describe = ({ id, fault, seen, struck, until }: Entry): ActiveFault => ({
    ...fault,
    id,
    seen,
    struck,
    ...(until !== Number.POSITIVE_INFINITY && { until: new Date(until).toISOString() }),
  });
  const strikes = (entry: Entry): boolean => {
    const { fault } = entry;
    if (fault.times !== undefined && entry.struck >= fault.times) return false;
    if (clock.now() >= entry.until) return false;
    entry.seen++;
    if (entry.seen <= fault.skip || entry.random() >= fault.probability) return false;
    entry.struck++;
    return true;
  };

  return {
    add(input) {
      const id = `fault-${++count}`;
      const fault = faultSchema.parse(input);
      const entry: Entry = {
        id,
        fault,
        until: fault.for === undefined ? Number.POSITIVE_INFINITY : clock.now() + fault.for,
        random: createRandom(`${seed}/${id}`),
        seen: 0,
        struck: 0,
      };
      entries.push(entry);
      return describe(entry);
    },
    list: () => entries.map(describe),
    remove(id) {
      const index = entries.findIndex(entry => entry.id === id);
      if (index !== -1) entries.splice(index, 1);
      return index !== -1;
    },
    clear() {
      entries.length = 0;
      count = 0;
    },
    sample(route) {
      let latency = 0;
      for (const entry of entries) {
        if (entry.fault.route !== route && entry.fault.route !== '*') continue;
        if (!strikes(entry)) continue;
        if (entry.fault.kind !== 'latency') return { latency, failure: entry.fault, random: entry.random };
        latency += entry.fault.milliseconds;
      }
      return { latency, failure: undefined, random: () => 0 };
    },
  };
}
