import * as z from 'zod';
import type { SimAnswer, SimRequest } from '../types.ts';
import { type FaultContext, type FaultKind, faultKinds } from './kinds.ts';

const [first, ...others] = faultKinds.map(({ schema }) => schema);

/** The schema of a fault, as `POST /_sim/faults` accepts it. */
export const faultSchema = z.discriminatedUnion('kind', [first!, ...others]);

/** A fault with defaults applied. Durations are simulated milliseconds. */
export type Fault = z.output<typeof faultSchema>;
/** A fault as input: fields with defaults are optional, and durations may be text such as `10m`. */
export type FaultInput = z.input<typeof faultSchema>;

const kinds: ReadonlyMap<string, FaultKind<Fault>> = new Map(faultKinds.map(kind => [kind.kind, kind]));

/** The definition of a fault's kind. */
export function kindOf({ kind }: Fault): FaultKind<Fault> {
  return kinds.get(kind)!;
}

/** A fault that applies to one request, with its random sequence. */
export interface SampledFault {
  readonly id: string;
  readonly fault: Fault;
  /** A random number in [0, 1). */
  readonly random: () => number;
}

/** The answer of the first fault that gives one at a stage before the handler. */
export async function answerAt(
  stage: 'beforeBody' | 'beforeHandling',
  sampled: readonly SampledFault[],
  context: FaultContext,
): Promise<SimAnswer | undefined> {
  for (const { fault } of sampled) {
    const answer = await kindOf(fault)[stage]?.(fault, context);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

/** The function that selects the records to reject, if `partial` faults apply: those of any of them. */
export function refusedBy(sampled: readonly Omit<SampledFault, 'id'>[]): SimRequest['refused'] {
  const refusing = sampled.filter(({ fault }) => kindOf(fault).refuse !== undefined);
  if (refusing.length === 0) return undefined;
  return records =>
    new Set(refusing.flatMap(({ fault, random }) => [...kindOf(fault).refuse!(fault, records, random)]));
}

/** The answer after all faults of the last stage; the request has already taken effect. */
export async function afterHandling(sampled: readonly SampledFault[], answer: SimAnswer): Promise<SimAnswer> {
  let left = answer;
  for (const { fault } of sampled) {
    if (left.kind !== 'respond') return left;
    left = (await kindOf(fault).afterHandling?.(fault, left)) ?? left;
  }
  return left;
}
