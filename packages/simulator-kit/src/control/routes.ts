import * as z from 'zod';
import { respond } from '../answer.ts';
import type { ControlledClock } from '../clock/types.ts';
import { type Fault, faultSchema, kindOf } from '../faults/fault.ts';
import type { FaultPlan } from '../faults/plan.ts';
import type { RequestJournal } from '../journal/journal.ts';
import { patternSchema, verdictSchema } from '../journal/pattern.ts';
import { verify } from '../journal/verify.ts';
import type { Coverage } from '../provenance/coverage.ts';
import type { Route } from '../types.ts';
import { missing } from './answers.ts';
import { clockRoutes } from './clock-routes.ts';
import { controlRoutes } from './control-route.ts';
import { ControlInputError } from './input.ts';
import { journalStream } from './journal-stream.ts';
import { withBody, withQuery } from './with-input.ts';

/** What a simulator keeps, for `/_sim/state` and `/_sim/reset`. */
export interface StatePort {
  /** Everything that `put` needs to make the same state again, as JSON. */
  get(): unknown;
  /** @throws ControlInputError when the value is no such state. */
  put(state: unknown): void | Promise<void>;
  /** Back to what it was at the start. */
  reset(): void | Promise<void>;
}

export interface ControlParts {
  readonly name: string;
  readonly clock: ControlledClock;
  readonly journal: RequestJournal;
  readonly faults: FaultPlan;
  readonly state: StatePort;
  readonly routes: readonly Route[];
  readonly coverage: () => Coverage;
  /** Everything back to the start. */
  readonly reset: () => Promise<void>;
}

const filterQuery = z.strictObject({
  route: z.string().optional(),
  status: z.string().optional(),
  verdict: verdictSchema.optional(),
  method: z.string().toUpperCase().optional(),
  path: z.string().optional(),
  rule: z.string().optional(),
  contains: z.string().optional(),
  after: z.coerce.number().int().min(0).optional(),
});
const requestsQuery = filterQuery.extend({
  limit: z.coerce.number().int().min(1).max(100_000).default(100),
});
const queryExample = '/_sim/requests?route=import&status=200&limit=20';
const patternExample = { route: 'import', status: 200, body: [{ event: 'Email Send' }], count: { min: 1 } };

const faultExample = { route: 'import', kind: 'status', status: 503, times: 2 };

/** The control API that every simulator has. */
export function sharedControlRoutes(parts: ControlParts): Route[] {
  const { clock, faults, journal, name, routes, state } = parts;
  return [
    ...controlRoutes({
      'GET health': () => respond(200, { status: 'ok', name, now: new Date(clock.now()).toISOString() }),
      'POST reset': async () => {
        await parts.reset();
        return respond(200, { status: 'reset' });
      },
      'GET state': () => respond(200, state.get(), { headers: { 'content-type': 'application/json' } }),
      'PUT state': withBody(z.unknown(), {}, async value => {
        await state.put(value);
        return respond(200, { status: 'restored' });
      }),
      'GET requests': withQuery(requestsQuery, queryExample, filter => {
        requireKnown(filter.route, routes);
        return respond(200, { requests: journal.list(filter) });
      }),
      'GET requests/count': withQuery(filterQuery, queryExample, filter => {
        requireKnown(filter.route, routes);
        return respond(200, { count: journal.count(filter) });
      }),
      'GET requests/:sequence': ({ params: { sequence = '' } }) => {
        const entry = journal.get(Number(sequence));
        return entry === undefined
          ? respond(404, {
              error: `There is no request ${sequence}. GET /_sim/requests lists the last ones.`,
            })
          : respond(200, entry);
      },
      'POST verify': withBody(patternSchema, patternExample, pattern => {
        requireKnown(pattern.route, routes);
        const verification = verify(journal, pattern);
        return respond(verification.verified ? 200 : 409, verification);
      }),
      'GET stream': () => {
        const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store' };
        return respond(200, journalStream(journal), { headers });
      },
      'GET faults': () => respond(200, { faults: faults.list() }),
      'POST faults': withBody(faultSchema, faultExample, fault => {
        requireRoute(fault, routes);
        return respond(201, faults.add(fault));
      }),
      'DELETE faults': () => {
        faults.clear();
        return respond(200, { faults: [] });
      },
      'DELETE faults/:id': ({ params: { id = '' } }) =>
        faults.remove(id) ? respond(200, { faults: faults.list() }) : missing('fault', id, 'faults'),
    }),
    ...clockRoutes(clock),
    ...controlRoutes({ 'GET coverage': () => respond(200, parts.coverage()) }),
  ];
}

/** A misspelt route has no requests, so an expectation of none would hold for ever. */
function requireKnown(route: string | undefined, routes: readonly Route[]): void {
  if (route === undefined || routes.some(({ id }) => id === route)) return;
  throw new ControlInputError(`There is no route "${route}". Known are: ${idsOf(routes)}.`);
}

function idsOf(routes: readonly Route[]): string {
  return [...new Set(routes.map(({ id }) => id))].join(', ') || 'none';
}

/** A fault that refuses records is for routes that can. */
function requireRoute(fault: Fault, routes: readonly Route[]): void {
  const { route, kind } = fault;
  const refuses = kindOf(fault).refuse !== undefined;
  const open = refuses ? routes.filter(({ takesPartial }) => takesPartial === true) : routes;
  if ((route === '*' && !refuses) || open.some(({ id }) => id === route)) return;
  const all = refuses ? '' : '; "*" means all of them';
  throw new ControlInputError(
    `There is no route "${route}" for a fault of kind ${kind} to apply to. Known are: ${idsOf(open)}${all}.`,
  );
}
