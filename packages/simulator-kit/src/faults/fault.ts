import * as z from 'zod';
import type { SimAnswer, SimRequest } from '../types.ts';
import { type FaultContext, type FaultKind, faultKinds } from './kinds.ts';

const [first, ...others] = faultKinds.map(({ schema }) => schema);

/** A fault as `POST /_sim/faults` accepts it. */
export const faultSchema = z.discriminatedUnion('kind', [first!, ...others]);

/** A fault with its defaults filled in. Durations are simulated milliseconds. */
export type Fault = z.output<typeof faultSchema>;
/** A fault as it is added: defaults may be left out, and durations may be text such as `10m`. */
export type FaultInput = z.input<typeof faultSchema>;

const kinds: ReadonlyMap<string, FaultKind<Fault>> = new Map(faultKinds.map(kind => [kind.kind, kind]));

/** What is known of the kind of a fault. */
export function kindOf({ kind }: Fault): FaultKind<Fault> {
  return kinds.get(kind)!;
}

/** A fault that applies to one request, and the sequence from which it draws. */
export interface SampledFault {
  readonly fault: Fault;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** The answer that the first of the faults gives at a stage before the handler. */
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

/** For the handler: which records it has to refuse, if a fault says so. */
export function refusedBy(sampled: readonly SampledFault[]): SimRequest['refused'] {
  for (const { fault, random } of sampled) {
    const kind = kindOf(fault);
    if (kind.refuse) return records => kind.refuse!(fault, records, random);
  }
  return undefined;
}

/** What the faults leave of an answer whose effect took place. */
export async function afterHandling(sampled: readonly SampledFault[], answer: SimAnswer): Promise<SimAnswer> {
  let left = answer;
  for (const { fault } of sampled) {
    if (left.kind !== 'respond') return left;
    left = (await kindOf(fault).afterHandling?.(fault, left)) ?? left;
  }
  return left;
}
