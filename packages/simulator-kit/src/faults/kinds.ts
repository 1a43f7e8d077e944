/**
 * The registry of fault kinds: the ways in which a vendor, or the network in between, can fail.
 *
 * A request to a vendor's route passes three stages: its body is unread, its handler has not run, its handler
 * has run. A kind defines its effect at each stage, and an answer from a fault before the handler ends the
 * request. The schema, the control API, the coverage, the console and the README's table are all derived
 * from `faultKinds`.
 */
import * as z from 'zod';
import { type Respond, respond, toWire, wholeBody } from '../answer.ts';
import { delaySchema } from '../clock/duration.ts';
import type { SimAnswer } from '../types.ts';
import { headers, selection, writable } from './fields.ts';

/** One kind of fault. */
export interface FaultKind<Fault> {
  readonly kind: string;
  /** Whether the request is handled, for the documentation. */
  readonly handled: string;
  /** What the client gets, for the documentation. */
  readonly client: string;
  /** Combines with other faults on the same request. Of all other kinds only one applies. */
  readonly combines?: true;
  /** Whether it answers in place of the server: the request is not handled. */
  answersInstead?(fault: Fault): boolean;
  /** The effect before the body is read. */
  beforeBody?(fault: Fault, context: FaultContext): SimAnswer | undefined | Promise<SimAnswer | undefined>;
  /** The effect before the handler; the model is unchanged. */
  beforeHandling?(fault: Fault, context: FaultContext): SimAnswer | undefined;
  /** The indexes of the records to reject, out of `count` records in one request. */
  refuse?(fault: Fault, records: number, random: () => number): ReadonlySet<number>;
  /** The effect after the handler. Changes to the model remain, whatever the client gets. */
  afterHandling?(fault: Fault, answer: Respond): SimAnswer | Promise<SimAnswer>;
}

/** The capabilities available to a fault. */
export interface FaultContext {
  /** Waits real milliseconds. */
  readonly delay: (milliseconds: number) => Promise<unknown>;
  /** The vendor's own body for a status. */
  readonly bodyOf: (status: number) => unknown;
}

export const faultKinds = [
  faultKind({
    kind: 'status',
    fields: { status: z.int().min(200).max(599), body: writable.optional(), headers: headers.optional() },
    handled: 'no',
    answersInstead: () => true,
    client: "that status, with `body` and `headers` if given, otherwise with the vendor's own body",
    beforeHandling: ({ status, body, headers = {} }, { bodyOf }) =>
      respond(status, body ?? bodyOf(status), { headers, rule: `fault: status ${status}` }),
  }),
  faultKind({
    kind: 'latency',
    fields: { milliseconds: delaySchema },
    handled: 'yes',
    client: 'the response after `milliseconds`; other faults can apply as well',
    combines: true,
    beforeBody: async ({ milliseconds }, { delay }) => void (await delay(milliseconds)),
  }),
  faultKind({
    kind: 'reset',
    fields: { after: z.enum(['headers', 'body']).default('headers') },
    handled: 'no',
    answersInstead: () => true,
    client: 'a closed connection before the request body is read (`"after":"body"`: after it)',
    beforeBody: ({ after }) => (after === 'headers' ? { kind: 'reset', rule: 'fault: reset' } : undefined),
    beforeHandling: () => ({ kind: 'reset', rule: 'fault: reset' }),
  }),
  faultKind({
    kind: 'partial',
    fields: { share: z.number().gt(0).max(1).default(0.5) },
    handled: 'in part',
    combines: true,
    client:
      "the vendor's response for a request in which `share` of the records (default: half, at least one) are refused; other faults can apply as well",
    refuse: ({ share }, records, random) => {
      const refused = new Set<number>();
      for (let index = 0; index < records; index += 1) if (random() < share) refused.add(index);
      if (refused.size === 0 && records > 0) refused.add(Math.floor(random() * records));
      return refused;
    },
    afterHandling: (_, answer) => ({ ...answer, rule: 'fault: partial' }),
  }),
  faultKind({
    kind: 'lost-answer',
    handled: 'yes',
    client: 'a closed connection',
    afterHandling: () => ({ kind: 'reset', rule: 'fault: lost-answer' }),
  }),
  faultKind({
    kind: 'truncate',
    handled: 'yes',
    client: 'half of the response',
    afterHandling: (_, answer) => ({ kind: 'truncate', answer, rule: 'fault: truncate' }),
  }),
  faultKind({
    kind: 'malformed',
    handled: 'yes',
    client: "the response's status with a body that is not JSON",
    afterHandling: async (_, answer) => {
      const text = new TextDecoder().decode(await wholeBody(toWire(answer)));
      return {
        ...answer,
        body: `<html>${text.slice(0, Math.ceil(text.length / 2))}`,
        headers: { ...answer.headers, 'content-type': 'application/json' },
        rule: 'fault: malformed',
      };
    },
  }),
  faultKind({
    kind: 'hang',
    fields: { after: z.enum(['headers', 'handling']).default('headers') },
    handled: 'no (`"after":"handling"`: yes)',
    answersInstead: ({ after }) => after === 'headers',
    client: 'nothing, until the client gives up',
    beforeBody: ({ after }) => (after === 'headers' ? { kind: 'hang', rule: 'fault: hang' } : undefined),
    afterHandling: () => ({ kind: 'hang', rule: 'fault: hang' }),
  }),
] as const;

/** @param fields the fields specific to this kind. */
function faultKind<const Kind extends string, Fields extends z.ZodRawShape = Record<never, never>>({
  kind,
  fields,
  ...more
}: { readonly kind: Kind; readonly fields?: Fields } & FaultKind<FaultOf<Kind, Fields>>) {
  return {
    ...more,
    kind,
    schema: z.strictObject({ ...selection, kind: z.literal(kind), ...(fields as Fields) }),
  };
}

type FaultOf<Kind extends string, Fields extends z.ZodRawShape> = z.output<
  z.ZodObject<typeof selection & { kind: z.ZodLiteral<Kind> } & Fields>
>;
