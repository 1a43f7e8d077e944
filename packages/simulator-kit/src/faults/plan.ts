import { createRandom } from '../random.ts';
import { type Fault, type FaultInput, faultSchema } from './spec.ts';

/** A fault in force, and what it has done so far. */
export type FaultStanding = Fault & {
  readonly id: string;
  readonly seen: number;
  readonly struck: number;
  /** Simulated moment at which it ends, ISO 8601; of a fault with a span alone. */
  readonly until?: string;
};

/** What strikes one request: waiting first, then at most one failure. */
export interface Strike {
  readonly latency: number;
  readonly failure: Exclude<Fault, { kind: 'latency' }> | undefined;
  /** The sequence of the failure that struck, for what it decides by chance. */
  readonly random: () => number;
}

export interface FaultPlan {
  add(fault: FaultInput): FaultStanding;
  list(): FaultStanding[];
  remove(id: string): boolean;
  /** Takes all faults away; the next one added gets the first sequence again. */
  clear(): void;
  strike(route: string): Strike;
}

/**
 * The faults in force, in the order in which they were added. Each draws from a sequence of its own, made from the seed and its
 * number, so the same seed, faults and requests fail in the same places. Latencies add up; the first failure that strikes wins.
 */
export function createFaultPlan(
  seed: string | number,
  clock: { now(): number } = { now: () => 0 },
): FaultPlan {
  interface Standing {
    readonly id: string;
    readonly fault: Fault;
    readonly random: () => number;
    readonly until: number;
    seen: number;
    struck: number;
  }
  const standings: Standing[] = [];
  let count = 0;

  const describe = ({ id, fault, seen, struck, until }: Standing): FaultStanding => ({
    ...fault,
    id,
    seen,
    struck,
    ...(until !== Number.POSITIVE_INFINITY && { until: new Date(until).toISOString() }),
  });
  const strikes = (standing: Standing): boolean => {
    const { fault } = standing;
    if (fault.times !== undefined && standing.struck >= fault.times) return false;
    if (clock.now() >= standing.until) return false;
    standing.seen++;
    if (standing.seen <= fault.skip || standing.random() >= fault.probability) return false;
    standing.struck++;
    return true;
  };

  return {
    add(input) {
      const id = `fault-${++count}`;
      const fault = faultSchema.parse(input);
      const standing: Standing = {
        id,
        fault,
        until: fault.for === undefined ? Number.POSITIVE_INFINITY : clock.now() + fault.for,
        random: createRandom(`${seed}/${id}`),
        seen: 0,
        struck: 0,
      };
      standings.push(standing);
      return describe(standing);
    },
    list: () => standings.map(describe),
    remove(id) {
      const index = standings.findIndex(standing => standing.id === id);
      if (index !== -1) standings.splice(index, 1);
      return index !== -1;
    },
    clear() {
      standings.length = 0;
      count = 0;
    },
    strike(route) {
      let latency = 0;
      for (const standing of standings) {
        if (standing.fault.route !== route && standing.fault.route !== '*') continue;
        if (!strikes(standing)) continue;
        if (standing.fault.kind !== 'latency')
          return { latency, failure: standing.fault, random: standing.random };
        latency += standing.fault.milliseconds;
      }
      return { latency, failure: undefined, random: () => 0 };
    },
  };
}
