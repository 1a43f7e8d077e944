import * as z from 'zod';
import { respond } from '../answer.ts';
import type { ControlledClock } from '../clock/types.ts';
import { type Fault, faultSchema, kindOf } from '../faults/fault.ts';
import type { FaultPlan } from '../faults/plan.ts';
import type { RequestJournal } from '../journal/journal.ts';
import { patternSchema, verdictSchema } from '../journal/pattern.ts';
import { verify } from '../journal/verify.ts';
import type { Coverage } from '../provenance/coverage.ts';
import type { Route, SimRequest } from '../types.ts';
import { clockRoutes } from './clock-routes.ts';
import { controlRoute } from './control-route.ts';
import { ControlInputError, checkControlInput, readControlInput } from './input.ts';
import { journalStream } from './journal-stream.ts';

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
const patternExample = { route: 'import', status: 200, body: [{ event: 'Email Send' }], count: { min: 1 } };

const faultExample = { route: 'import', kind: 'status', status: 503, times: 2 };

/** The control API that every simulator has. */
export function controlRoutes(parts: ControlParts): Route[] {
  const { clock, faults, journal, name, state } = parts;
  return [
    controlRoute('GET', 'health', () =>
      respond(200, { status: 'ok', name, now: new Date(clock.now()).toISOString() }),
    ),
    controlRoute('POST', 'reset', async () => {
      await parts.reset();
      return respond(200, { status: 'reset' });
    }),
    controlRoute('GET', 'state', () =>
      respond(200, state.get(), { headers: { 'content-type': 'application/json' } }),
    ),
    controlRoute('PUT', 'state', async request => {
      await state.put(readControlInput(request, z.unknown(), {}));
      return respond(200, { status: 'restored' });
    }),
    controlRoute(
      'GET',
      'requests',
      request => respond(200, { requests: journal.list(readQuery(request, requestsQuery, parts.routes)) }),
      Object.keys(requestsQuery.shape),
    ),
    controlRoute(
      'GET',
      'requests/count',
      request => respond(200, { count: journal.count(readQuery(request, filterQuery, parts.routes)) }),
      Object.keys(filterQuery.shape),
    ),
    controlRoute('GET', 'requests/:sequence', ({ params: { sequence = '' } }) => {
      const entry = journal.get(Number(sequence));
      return entry === undefined
        ? respond(404, { error: `There is no request ${sequence}. GET /_sim/requests lists the last ones.` })
        : respond(200, entry);
    }),
    controlRoute('POST', 'verify', request => {
      const pattern = readControlInput(request, patternSchema, patternExample);
      requireKnown(pattern.route, parts.routes);
      const verification = verify(journal, pattern);
      return respond(verification.verified ? 200 : 409, verification);
    }),
    controlRoute('GET', 'stream', () =>
      respond(200, journalStream(journal), {
        headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
      }),
    ),
    controlRoute('GET', 'faults', () => respond(200, { faults: faults.list() })),
    controlRoute('POST', 'faults', request => {
      const fault = readControlInput(request, faultSchema, faultExample);
      requireRoute(fault, parts.routes);
      return respond(201, faults.add(fault));
    }),
    controlRoute('DELETE', 'faults', () => {
      faults.clear();
      return respond(200, { faults: [] });
    }),
    controlRoute('DELETE', 'faults/:id', request => {
      const id = request.params.id ?? '';
      if (!faults.remove(id))
        return respond(404, { error: `There is no fault ${id}. GET /_sim/faults lists them.` });
      return respond(200, { faults: faults.list() });
    }),
    ...clockRoutes(clock),
    controlRoute('GET', 'coverage', () => respond(200, parts.coverage())),
  ];
}

function readQuery<Schema extends typeof filterQuery>(
  request: SimRequest,
  schema: Schema,
  routes: readonly Route[],
): z.output<Schema> {
  const hint = 'For example: /_sim/requests?route=import&status=200&limit=20';
  const what = `The query of ${request.path}`;
  const filter = checkControlInput(Object.fromEntries(request.query), schema, what, hint);
  requireKnown(filter.route, routes);
  return filter;
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
