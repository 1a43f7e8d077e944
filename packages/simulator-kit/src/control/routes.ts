import * as z from 'zod';
import { respond } from '../answer.ts';
import type { ControlledClock } from '../clock/controlled-clock.ts';
import { type Fault, faultSchema, kindOf } from '../faults/fault.ts';
import { activeFaultSchema, type FaultPlan } from '../faults/plan.ts';
import { isRecord } from '../is-record.ts';
import { harOf, harSchema } from '../journal/har.ts';
import {
  journalEntrySchema,
  type Received,
  type RequestJournal,
  recordedRequestSchema,
  statusFilterSchema,
  verdictSchema,
} from '../journal/journal.ts';
import { patternSchema } from '../journal/pattern.ts';
import { verificationSchema, verify } from '../journal/verify.ts';
import { type Coverage, coverageSchema } from '../provenance/coverage.ts';
import type { Route } from '../types.ts';
import { missing } from './answers.ts';
import { clockRoutes } from './clock-routes.ts';
import { controlRoutes, documented, joinRoutes } from './control-route.ts';
import type { DeclarationsOf } from './declaration.ts';
import { ControlInputError } from './input.ts';
import { journalStream, journalSummaries } from './journal-stream.ts';
import { errorSchema } from './schemas.ts';
import { withBody, withQuery } from './with-input.ts';

/** The state of a simulator, for `/_sim/state` and `/_sim/reset`. */
export interface StatePort {
  /** The complete state as JSON, for `put`. */
  get(): unknown;
  /** Replaces the state. @throws ControlInputError if the value is not a valid state. */
  put(state: unknown): void | Promise<void>;
  /** Restores the initial state. */
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
  /** The OpenAPI document of all control routes. */
  readonly openApi: () => object;
  /** Restores the initial state, an empty journal and no faults. */
  readonly reset: () => Promise<void>;
  /** Dispatches a request of the journal once more. Resolves to its new sequence number. */
  readonly repeat: (request: Received) => Promise<number>;
}

const filterQuery = z.strictObject({
  route: z.string().optional(),
  status: statusFilterSchema.optional(),
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
const streamQuery = z.strictObject({ summary: z.enum(['true', 'false']).default('false') });
const queryExample = '/_sim/requests?status=200&limit=20';

/** A valid state of either simulator. */
const stateExample = { cohorts: [] };

const statusIs = <Status extends string>(status: Status) => z.object({ status: z.literal(status) });
const faultsAnswer = { 200: z.object({ faults: z.array(activeFaultSchema) }) };

/** The control API of every simulator. */
export function sharedControlRoutes(parts: ControlParts) {
  const { clock, faults, journal, name, routes, state } = parts;
  // Only the first route is known to exist in every simulator.
  const route = routes[0]?.id ?? '*';
  return joinRoutes(
    controlRoutes({
      'GET health': documented(
        'Whether the simulator runs.',
        { 200: z.object({ status: z.literal('ok'), name: z.string(), now: z.string() }) },
        () => respond(200, { status: 'ok', name, now: new Date(clock.now()).toISOString() }),
      ),
      'POST reset': documented('Clears state, journal and faults.', { 200: statusIs('reset') }, async () => {
        await parts.reset();
        return respond(200, { status: 'reset' });
      }),
      'GET state': documented('The complete state of the simulator.', { 200: z.unknown() }, () =>
        respond(200, state.get(), { headers: { 'content-type': 'application/json' } }),
      ),
      'PUT state': documented(
        'Replaces the state.',
        { 200: statusIs('restored') },
        withBody(z.unknown(), stateExample, async value => {
          requireParts(value);
          await state.put(value);
          return respond(200, { status: 'restored' });
        }),
      ),
      'GET requests': documented(
        'The latest requests, newest first.',
        {
          200: z.object({
            requests: z.array(journalEntrySchema),
            /** Number of requests that the journal has, whether they match or not. */
            kept: z.int(),
          }),
        },
        withQuery(requestsQuery, queryExample, filter => {
          requireKnown(filter.route, routes);
          return respond(200, { requests: journal.list(filter), kept: journal.size });
        }),
      ),
      'GET requests/count': documented(
        'The number of requests.',
        { 200: z.object({ count: z.int() }) },
        withQuery(filterQuery, queryExample, filter => {
          requireKnown(filter.route, routes);
          return respond(200, { count: journal.count(filter) });
        }),
      ),
      'GET requests.har': documented(
        'The latest requests and their answers as an HTTP Archive (HAR 1.2), which browsers and other tools open.',
        { 200: harSchema },
        withQuery(requestsQuery, queryExample, filter => {
          requireKnown(filter.route, routes);
          const headers = { 'content-disposition': `attachment; filename="${name}.har"` };
          return respond(200, harOf(name, journal.recorded(filter)), { headers });
        }),
      ),
      'POST requests/:sequence/repeat': documented(
        'Sends a request once more, as it was received; the new one is in the journal under the returned number.',
        { 200: z.object({ sequence: z.int() }), 409: errorSchema },
        async ({ params: { sequence = '' } }) => {
          if (journal.get(Number(sequence)) === undefined) return missingRequest(sequence);
          const received = journal.received(Number(sequence));
          if (received !== undefined) return respond(200, { sequence: await parts.repeat(received) });
          return respond(409, {
            error: `Request ${sequence} cannot be sent again: the journal no longer has its whole body. Send it anew from its client.`,
          });
        },
      ),
      'GET requests/:sequence': documented(
        'One request with its answer and its complete body.',
        { 200: recordedRequestSchema },
        ({ params: { sequence = '' } }) => {
          const entry = journal.get(Number(sequence));
          return entry === undefined ? missingRequest(sequence) : respond(200, entry);
        },
      ),
      'POST verify': documented(
        'Checks how many requests match a pattern; 409 when there are too few or too many.',
        { 200: verificationSchema, 409: verificationSchema },
        withBody(patternSchema, { route, status: 200, count: { min: 1 } }, pattern => {
          requireKnown(pattern.route, routes);
          const verification = verify(journal, pattern);
          return respond(verification.verified ? 200 : 409, verification);
        }),
      ),
      'GET stream': documented(
        'New requests as server-sent events; with summary=true, at most four a second with their number and the newest 30 in short.',
        { 200: 'text/event-stream' },
        withQuery(streamQuery, '/_sim/stream?summary=true', ({ summary }) => {
          const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store' };
          return respond(200, (summary === 'true' ? journalSummaries : journalStream)(journal), { headers });
        }),
      ),
      'GET faults': documented('The active faults.', faultsAnswer, () =>
        respond(200, { faults: faults.list() }),
      ),
      'POST faults': documented(
        'Adds a fault.',
        { 201: activeFaultSchema },
        withBody(faultSchema, { route, kind: 'status', status: 503, times: 2 }, fault => {
          requireRoute(fault, routes);
          return respond(201, faults.add(fault));
        }),
      ),
      'DELETE faults': documented('Removes all faults.', faultsAnswer, () => {
        faults.clear();
        return respond(200, { faults: [] });
      }),
      'DELETE faults/:id': documented('Removes a fault.', faultsAnswer, ({ params: { id = '' } }) =>
        faults.remove(id) ? respond(200, { faults: faults.list() }) : missing('fault', id, 'faults'),
      ),
    }),
    clockRoutes(clock),
    controlRoutes({
      'GET coverage': documented(
        'What is simulated, and where it is documented.',
        { 200: coverageSchema },
        () => respond(200, parts.coverage()),
      ),
      'GET openapi.json': documented('This document.', { 200: z.looseObject({ openapi: z.string() }) }, () =>
        respond(200, parts.openApi()),
      ),
    }),
  );
}

/** The types of the control API of every simulator. */
export interface SharedRoutes extends DeclarationsOf<typeof sharedControlRoutes> {}

const missingRequest = (sequence: string) =>
  respond(404, { error: `There is no request ${sequence}. GET /_sim/requests lists the last ones.` });

/** Rejects a state without any part: more often a mistake than a wish to clear everything. */
function requireParts(state: unknown): void {
  if (!isRecord(state) || Object.keys(state).length > 0) return;
  throw new ControlInputError(
    'The state has no part, and would clear everything. Nothing was changed. Send what GET /_sim/state shows: a part that is left out is ' +
      'cleared. POST /_sim/reset restores the initial state.',
  );
}

/** Rejects an unknown route: it has no requests, so an expectation of none would always hold. */
function requireKnown(route: string | undefined, routes: readonly Route[]): void {
  if (route === undefined || routes.some(({ id }) => id === route)) return;
  throw new ControlInputError(`There is no route "${route}". Known are: ${idsOf(routes)}.`, [
    { field: 'route', message: 'must be a route of this simulator' },
  ]);
}

function idsOf(routes: readonly Route[]): string {
  return [...new Set(routes.map(({ id }) => id))].join(', ') || 'none';
}

/** Rejects a route that a fault can't apply to: only some routes can reject single records. */
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
