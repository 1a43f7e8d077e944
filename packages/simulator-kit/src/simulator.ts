import { setTimeout as wait } from 'node:timers/promises';
import { respond, toWire, wholeBody } from './answer.ts';
import type { ControlledClock } from './clock/types.ts';
import { ControlInputError } from './control/input.ts';
import { controlRoutes, type StatePort } from './control/routes.ts';
import { createFaultPlan, type FaultPlan, type SampledFault } from './faults/plan.ts';
import { refusedOf } from './faults/refused.ts';
import { createRequestJournal, type RequestJournal } from './journal/journal.ts';
import { type Coverage, coverageOf } from './provenance/coverage.ts';
import { createRouteTable } from './route-table.ts';
import type { Behaviour, Route, SimAnswer, SimRequest } from './types.ts';

/**
 * One model, many doors: what stands between a face (Express, msw, a test) and a simulator's routes.
 *
 * A request to a vendor's route goes, in this order, through the faults that strike before its body is taken, the reading of
 * the body, the route's handler (which changes the model), and the faults that strike the answer; then it is entered in the
 * journal. So a lost answer is one whose effect took place. Requests under `/_sim` meet neither faults nor journal.
 */
export interface Simulator {
  readonly name: string;
  readonly clock: ControlledClock;
  readonly journal: RequestJournal;
  readonly faults: FaultPlan;
  /** Never throws: what goes wrong inside is an answer with status 500 that says so. */
  dispatch(request: IncomingRequest): Promise<SimAnswer>;
  /** What it simulates and by which sources, as `GET /_sim/coverage` gives it. */
  coverage(): Coverage;
  /** Takes a state, as `GET /_sim/state` gives it, now and after every reset. @throws ControlInputError when it is none. */
  begin(state: unknown): Promise<void>;
  close(): Promise<void>;
}

/** A request whose body was not taken yet. */
export interface IncomingRequest extends Omit<SimRequest, 'params' | 'body'> {
  /** @throws BodyTooLarge when the face's bound is exceeded; anything else means that the client went away. */
  readonly readBody: () => Promise<Uint8Array>;
}

/** The body is longer than the face takes. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';

  constructor(limit: number) {
    super(
      `This simulator takes bodies of up to ${limit} bytes, and this one is longer. Start it with a larger bodyLimit, or send less at once.`,
    );
  }
}

/** What the vendor says where no route of its own answers. */
export interface VendorAnswers {
  readonly notFound: (request: IncomingRequest) => SimAnswer;
  readonly wrongMethod: (request: IncomingRequest, allowed: readonly string[]) => SimAnswer;
  /** The body that belongs to a status, for faults that name none. */
  readonly bodyOf: (status: number) => unknown;
}

export interface SimulatorOptions {
  readonly name: string;
  readonly clock: ControlledClock;
  /** The vendor's routes. */
  readonly routes: readonly Route[];
  /** What the vendor does by itself, for `/_sim/coverage`. */
  readonly behaviours?: readonly Behaviour[];
  /** The simulator's own routes under `/_sim`, besides those that all have. */
  readonly control?: readonly Route[];
  /** What the vendor has and the simulator has not, one line each, for `/_sim/coverage`. */
  readonly notSimulated?: readonly string[];
  readonly state: StatePort;
  readonly vendor: VendorAnswers;
  /** Days on which the vendor was seen to keep a rule, by `ruleKey`. */
  readonly lastTrue?: Readonly<Record<string, string>>;
  /** For the faults' probabilities. */
  readonly seed?: string | number;
  /** How many requests the journal remembers; 1,000 by default. */
  readonly journalSize?: number;
  /** Real waiting, for latency. */
  readonly delay?: (milliseconds: number) => Promise<unknown>;
}

export function createSimulator(options: SimulatorOptions): Simulator {
  const { behaviours = [], notSimulated = [], clock, name, routes, vendor, delay = wait } = options;
  const journal = createRequestJournal(options.journalSize);
  const faults = createFaultPlan(options.seed ?? name, clock);
  let beginning: unknown;
  const reset = async () => {
    journal.reset();
    faults.clear();
    await options.state.reset();
    if (beginning !== undefined) await options.state.put(beginning);
  };
  const begin = async (state: unknown) => {
    await options.state.put(state);
    beginning = state;
  };
  const control: readonly Route[] = [
    ...controlRoutes({
      name,
      clock,
      journal,
      faults,
      routes,
      coverage: () => coverage(),
      state: options.state,
      reset,
    }),
    ...(options.control ?? []),
  ];
  const { hits } = journal;
  const coverage = () =>
    coverageOf({ name, routes, behaviours, notSimulated, control, hits, lastTrue: options.lastTrue ?? {} });
  const findControl = createRouteTable(control);
  const findVendor = createRouteTable(routes);

  async function answerControl(request: IncomingRequest): Promise<SimAnswer> {
    const match = findControl(request.method, request.path);
    if (match.kind === 'found') return handle(match.route, request, match.params, await request.readBody());
    if (match.kind === 'other-methods') {
      const allow = match.allowed.join(', ');
      if (request.method === 'OPTIONS') return respond(204, undefined, { headers: { allow } });
      return respond(
        405,
        { error: `${request.path} takes ${allow}, not ${request.method}.` },
        { headers: { allow } },
      );
    }
    const paths = [...new Set(control.map(route => route.path))].join(', ');
    return respond(404, { error: `There is no ${request.path} here. The control API has: ${paths}` });
  }

  async function answerVendor(request: IncomingRequest, seen: Seen): Promise<SimAnswer> {
    const match = findVendor(request.method, request.path);
    if (match.kind !== 'found') {
      seen.body = await request.readBody();
      if (match.kind === 'unknown') return withRule(vendor.notFound(request), 'no such path');
      if (request.method !== 'OPTIONS')
        return withRule(vendor.wrongMethod(request, match.allowed), 'no such method');
      return respond(204, undefined, { headers: { allow: match.allowed.join(', ') } });
    }
    seen.route = match.route.id;
    const { latency, failure, random } = faults.sample(match.route.id);
    if (latency > 0) await delay(latency);
    if (failure?.kind === 'reset' && failure.after === 'headers')
      return { kind: 'reset', rule: 'fault: reset' };
    if (failure?.kind === 'hang' && failure.after === 'headers') return { kind: 'hang', rule: 'fault: hang' };
    seen.body = await request.readBody();
    if (failure?.kind === 'reset') return { kind: 'reset', rule: 'fault: reset' };
    if (failure?.kind === 'status') {
      const body = failure.body ?? vendor.bodyOf(failure.status);
      return respond(failure.status, body, {
        headers: failure.headers ?? {},
        rule: `fault: status ${failure.status}`,
      });
    }
    const struck = {
      ...request,
      ...(failure?.kind === 'partial' && {
        refused: (records: number) => refusedOf(records, failure.share, random),
      }),
    };
    return applyResponseFault(await handle(match.route, struck, match.params, seen.body), failure);
  }

  async function dispatch(request: IncomingRequest): Promise<SimAnswer> {
    if (isControl(request.path)) return guarded(() => answerControl(request), request);
    const started = performance.now();
    const seen: Seen = { at: clock.now(), route: null, body: new Uint8Array() };
    const answer = await guarded(() => answerVendor(request, seen), request);
    journal.record({
      ...seen,
      method: request.method,
      path: request.path,
      query: request.query,
      headers: request.headers,
      status: answer.kind === 'respond' ? answer.status : answer.kind,
      rule: answer.rule ?? null,
      durationMs: Math.round(performance.now() - started),
    });
    return answer;
  }

  return { name, clock, journal, faults, dispatch, begin, coverage, close: () => clock.close() };
}

/** What the journal learns while a request is being answered. */
interface Seen {
  readonly at: number;
  route: string | null;
  body: Uint8Array;
}

/** Whether a path belongs to the simulator itself, not to the vendor. */
export function isControl(path: string): boolean {
  return path === '/_sim' || path.startsWith('/_sim/');
}

async function handle(
  route: Route,
  request: IncomingRequest,
  params: Readonly<Record<string, string>>,
  body: Uint8Array,
): Promise<SimAnswer> {
  const { readBody: _, ...rest } = request;
  return route.handle({ ...rest, params, body });
}

async function guarded(answer: () => Promise<SimAnswer>, request: IncomingRequest): Promise<SimAnswer> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof ControlInputError) return respond(400, { error: error.message });
    if (error instanceof BodyTooLarge) {
      return respond(
        413,
        { error: error.message },
        { rule: 'body limit of the simulator', headers: { connection: 'close' } },
      );
    }
    // Values so deep that they overflow the stack: JSON.parse makes them, and little else bears them.
    if (error instanceof RangeError && /call stack/.test(error.message)) {
      return respond(
        400,
        { error: 'This body is nested deeper than the simulator takes.' },
        { rule: 'nesting' },
      );
    }
    if (request.signal?.aborted) return { kind: 'reset', rule: 'the client went away' };
    const reason = error instanceof Error ? error.message : String(error);
    console.error(`Defect of the simulator at ${request.method} ${request.path}:`, error);
    return respond(
      500,
      { error: `The simulator itself failed at ${request.method} ${request.path}: ${reason}` },
      { rule: 'defect of the simulator' },
    );
  }
}

/** An answer that names no rule gets this one. */
function withRule(answer: SimAnswer, rule: string): SimAnswer {
  return { ...answer, rule: answer.rule ?? rule };
}

/** What a fault leaves of an answer whose effect took place. */
async function applyResponseFault(answer: SimAnswer, failure: SampledFault['failure']): Promise<SimAnswer> {
  if (failure === undefined || answer.kind !== 'respond') return answer;
  if (failure.kind === 'partial') return { ...answer, rule: 'fault: partial' };
  if (failure.kind === 'lost-answer') return { kind: 'reset', rule: 'fault: lost-answer' };
  if (failure.kind === 'hang') return { kind: 'hang', rule: 'fault: hang' };
  if (failure.kind === 'truncate') return { kind: 'truncate', answer, rule: 'fault: truncate' };
  const text = new TextDecoder().decode(await wholeBody(toWire(answer)));
  const malformed = `<html>${text.slice(0, Math.ceil(text.length / 2))}`;
  return {
    ...answer,
    body: malformed,
    headers: { ...answer.headers, 'content-type': 'application/json' },
    rule: 'fault: malformed',
  };
}
