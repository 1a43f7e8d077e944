import * as z from 'zod';
import { createRandom } from '../random.ts';
import { type Fault, type FaultInput, faultSchema, kindOf, type SampledFault } from './fault.ts';
import { faultKinds } from './kinds.ts';

const inForce = {
  id: z.string(),
  /** Requests to its route since it was added. */
  seen: z.int(),
  /** Requests that it applied to. */
  struck: z.int(),
  /** Simulated time at which it ends, ISO 8601; absent without a time span. */
  until: z.string().optional(),
  /** ID of the fault that applies to each request in its place; absent if there is none. */
  shadowedBy: z.string().optional(),
};

/** An active fault with its counters. */
export type ActiveFault = Fault & Readonly<z.output<z.ZodObject<typeof inForce>>>;

export const activeFaultSchema: z.ZodType<ActiveFault> = z.union(
  faultKinds.map(({ schema }) => z.object({ ...schema.shape, ...inForce })),
);

interface Entry {
  readonly id: string;
  readonly fault: Fault;
  readonly random: () => number;
  readonly until: number;
  seen: number;
  struck: number;
}

/**
 * The active faults, in the order in which they were added. Each has its own random sequence, derived from
 * the seed and its number, so the same seed, faults and requests give the same failures.
 */
export class FaultPlan {
  readonly #entries: Entry[] = [];
  readonly #seed: string | number;
  readonly #clock: { now(): number };
  #count = 0;

  /** @param clock current simulated time, in milliseconds since 1970, for faults with a time span. */
  constructor(seed: string | number, clock: { now(): number } = { now: () => 0 }) {
    this.#seed = seed;
    this.#clock = clock;
  }

  /** Adds a fault. @throws ZodError if the fault is not valid. */
  add(input: FaultInput): ActiveFault {
    const id = `fault-${++this.#count}`;
    const fault = faultSchema.parse(input);
    const until = fault.for === undefined ? Number.POSITIVE_INFINITY : this.#clock.now() + fault.for;
    const entry = {
      id,
      fault,
      until,
      random: createRandom(fault.seed ?? `${this.#seed}/${id}`),
      seen: 0,
      struck: 0,
    };
    this.#entries.push(entry);
    return this.#shown(entry);
  }

  list(): ActiveFault[] {
    return this.#entries.map(entry => this.#shown(entry));
  }

  /** Removes a fault. Returns false if there is none with this ID. */
  remove(id: string): boolean {
    const index = this.#entries.findIndex(entry => entry.id === id);
    if (index !== -1) this.#entries.splice(index, 1);
    return index !== -1;
  }

  /** Removes all faults. The next one added gets the first random sequence again. */
  clear(): void {
    this.#entries.length = 0;
    this.#count = 0;
  }

  /**
   * The faults that apply to the next request to this route: all that combine, and at most one other. One that answers
   * in place of the server comes before those that need its answer, and of these one of every route first: a server that
   * is down gives no other answer. Faults that are alike apply in the order in which they were added.
   */
  sample(route: string): SampledFault[] {
    const sampled: SampledFault[] = [];
    for (const entry of this.#byPrecedence()) {
      const { fault } = entry;
      if ((fault.route !== route && fault.route !== '*') || !this.#applies(entry)) continue;
      sampled.push(entry);
      if (!kindOf(fault).combines) break;
    }
    return sampled;
  }

  #byPrecedence(): Entry[] {
    return this.#entries.toSorted((a, b) => rankOf(a.fault) - rankOf(b.fault));
  }

  #applies(entry: Entry): boolean {
    const { fault } = entry;
    if (this.#isOver(entry)) return false;
    entry.seen++;
    if (entry.seen <= fault.skip || entry.random() >= fault.probability) return false;
    entry.struck++;
    return true;
  }

  #isOver({ fault, struck, until }: Entry): boolean {
    return (fault.times !== undefined && struck >= fault.times) || this.#clock.now() >= until;
  }

  /** The fault before it that applies to each request which could reach it. */
  #shadowOf(entry: Entry): Entry | undefined {
    if (this.#isOver(entry)) return undefined;
    const all = this.#byPrecedence();
    return all
      .slice(0, all.indexOf(entry))
      .find(
        each =>
          (each.fault.route === '*' || each.fault.route === entry.fault.route) &&
          !kindOf(each.fault).combines &&
          each.fault.probability === 1 &&
          each.seen >= each.fault.skip &&
          !this.#isOver(each),
      );
  }

  #shown(entry: Entry): ActiveFault {
    const { id, fault, seen, struck, until } = entry;
    const end = until !== Number.POSITIVE_INFINITY && { until: new Date(until).toISOString() };
    const shadow = this.#shadowOf(entry);
    return { ...fault, id, seen, struck, ...end, ...(shadow && { shadowedBy: shadow.id }) };
  }
}

/** The place of a fault among those of one request. */
function rankOf(fault: Fault): number {
  const kind = kindOf(fault);
  // Latency is that of the network, also of an answer that a fault gives.
  if (kind.combines && kind.refuse === undefined) return 0;
  if (kind.answersInstead?.(fault)) return fault.route === '*' ? 1 : 2;
  return kind.refuse === undefined ? 4 : 3;
}
