import { createRandom } from '../random.ts';
import { type Fault, type FaultInput, faultSchema, kindOf, type SampledFault } from './fault.ts';

/** A fault in force, and what it has done so far. */
export type ActiveFault = Fault & {
  readonly id: string;
  /** Requests to its route while it was in force. */
  readonly seen: number;
  /** Requests that it applied to. */
  readonly struck: number;
  /** Simulated moment at which it ends, ISO 8601; of a fault with a span alone. */
  readonly until?: string;
};

/** The faults in force, in the order in which they were added. */
export interface FaultPlan {
  /** @throws ZodError when the fault is not valid. */
  add(fault: FaultInput): ActiveFault;
  list(): ActiveFault[];
  /** Whether there was one with this ID. */
  remove(id: string): boolean;
  /** Removes all faults; the next one added gets the first sequence again. */
  clear(): void;
  /** The faults that apply to the next request to this route: those that combine, then at most one other. */
  sample(route: string): SampledFault[];
}

interface Entry {
  readonly id: string;
  readonly fault: Fault;
  readonly random: () => number;
  readonly until: number;
  seen: number;
  struck: number;
}

/**
 * An empty plan. Each fault draws from a sequence of its own, made from the seed and its number, so the same seed, faults
 * and requests fail in the same places.
 *
 * @param clock simulated milliseconds since 1970, for faults with a span.
 */
export function createFaultPlan(
  seed: string | number,
  clock: { now(): number } = { now: () => 0 },
): FaultPlan {
  const entries: Entry[] = [];
  let count = 0;

  const describe = ({ id, fault, seen, struck, until }: Entry): ActiveFault => ({
    ...fault,
    id,
    seen,
    struck,
    ...(until !== Number.POSITIVE_INFINITY && { until: new Date(until).toISOString() }),
  });
  const applies = (entry: Entry): boolean => {
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
      const until = fault.for === undefined ? Number.POSITIVE_INFINITY : clock.now() + fault.for;
      const entry = { id, fault, until, random: createRandom(`${seed}/${id}`), seen: 0, struck: 0 };
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
      const sampled: SampledFault[] = [];
      for (const entry of entries) {
        const { fault } = entry;
        if ((fault.route !== route && fault.route !== '*') || !applies(entry)) continue;
        sampled.push(entry);
        if (!kindOf(fault).combines) break;
      }
      return sampled;
    },
  };
}
