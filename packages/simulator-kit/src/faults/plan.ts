import { createRandom } from '../random.ts';
import { type Fault, type FaultInput, faultSchema } from './spec.ts';

/** A fault in force, and what it has done so far. */
export type FaultStanding = Fault & { readonly id: string; readonly seen: number; readonly struck: number };

/** What strikes one request: waiting first, then at most one failure. */
export interface Strike {
  readonly latency: number;
  readonly failure: Exclude<Fault, { kind: 'latency' }> | undefined;
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
export function createFaultPlan(seed: string | number): FaultPlan {
  interface Standing {
    readonly id: string;
    readonly fault: Fault;
    readonly random: () => number;
    seen: number;
    struck: number;
  }
  const standings: Standing[] = [];
  let count = 0;

  const describe = ({ id, fault, seen, struck }: Standing): FaultStanding => ({ ...fault, id, seen, struck });
  const strikes = (standing: Standing): boolean => {
    const { fault } = standing;
    if (fault.times !== undefined && standing.struck >= fault.times) return false;
    standing.seen++;
    if (standing.seen <= fault.skip || standing.random() >= fault.probability) return false;
    standing.struck++;
    return true;
  };

  return {
    add(input) {
      const id = `fault-${++count}`;
      const standing: Standing = {
        id,
        fault: faultSchema.parse(input),
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
        if (standing.fault.kind !== 'latency') return { latency, failure: standing.fault };
        latency += standing.fault.milliseconds;
      }
      return { latency, failure: undefined };
    },
  };
}
