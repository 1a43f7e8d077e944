import * as z from 'zod';
import { respond } from '../answer.ts';
import type { ControlledClock } from '../clock/types.ts';
import type { FaultPlan } from '../faults/plan.ts';
import { faultSchema } from '../faults/spec.ts';
import type { RequestJournal } from '../journal/journal.ts';
import type { Behaviour, Route, SimRequest } from '../types.ts';
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
  readonly behaviours: readonly Behaviour[];
  readonly notSimulated: readonly string[];
  /** The whole control API, for `/_sim/coverage`: these routes and the simulator's own. */
  readonly control: () => readonly Route[];
  /** Everything back to the start. */
  readonly reset: () => Promise<void>;
}

const requestsQuery = z.strictObject({
  route: z.string().optional(),
  status: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(100_000).default(100),
});

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
      request => respond(200, { requests: journal.list(readFilter(request)) }),
      Object.keys(requestsQuery.shape),
    ),
    controlRoute('GET', 'stream', () =>
      respond(200, journalStream(journal), {
        headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
      }),
    ),
    controlRoute('GET', 'faults', () => respond(200, { faults: faults.list() })),
    controlRoute('POST', 'faults', request => {
      const fault = readControlInput(request, faultSchema, faultExample);
      requireRoute(fault.route, parts.routes);
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
    controlRoute('GET', 'coverage', () => respond(200, coverageOf(parts))),
  ];
}

function readFilter(request: SimRequest): z.output<typeof requestsQuery> {
  const hint = 'For example: /_sim/requests?route=import&status=200&limit=20';
  return checkControlInput(
    Object.fromEntries(request.query),
    requestsQuery,
    'The query of /_sim/requests',
    hint,
  );
}

function requireRoute(id: string, routes: readonly Route[]): void {
  if (id === '*' || routes.some(route => route.id === id)) return;
  const known = [...new Set(routes.map(route => route.id))].join(', ');
  throw new ControlInputError(
    `There is no route "${id}" for a fault to strike. Known are: ${known}; "*" means all of them.`,
  );
}

function coverageOf({ name, routes, behaviours, notSimulated, control, journal }: ControlParts): unknown {
  return {
    name,
    routes: routes.map(({ id, method, path, rules }) => ({
      id,
      method,
      path,
      hits: journal.hits.get(id) ?? 0,
      rules,
    })),
    behaviours,
    notSimulated,
    control: control().map(({ method, path }) => `${method} ${path}`),
  };
}
