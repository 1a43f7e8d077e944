import { setTimeout as wait } from 'node:timers/promises';
import { openApiDocument } from '@braze-mixpanel/core/open-api';
import { toWire } from './answer.ts';
import type { ControlledClock } from './clock/controlled-clock.ts';
import { type StatePort, sharedControlRoutes } from './control/routes.ts';
import { createControlAnswers, isControl } from './dispatch/answer-control.ts';
import { answerFailure } from './dispatch/answer-failure.ts';
import { createVendorAnswers, type Observed } from './dispatch/answer-vendor.ts';
import type { IncomingRequest, VendorAnswers } from './dispatch/incoming-request.ts';
import { FaultPlan } from './faults/plan.ts';
import { type Received, RequestJournal } from './journal/journal.ts';
import { type Coverage, coverageOf } from './provenance/coverage.ts';
import type { Behaviour, Route, SimAnswer } from './types.ts';

/**
 * A simulated vendor without a transport: routes, faults, journal, clock and control API. Express (`listen`),
 * msw handlers and tests all call `dispatch`, on the same state.
 */
export interface Simulator {
  readonly name: string;
  readonly clock: ControlledClock;
  /** The journal of requests to the vendor's routes. */
  readonly journal: RequestJournal;
  readonly faults: FaultPlan;
  /** Answers one request. Never throws: an unexpected error is answered with status 500. */
  dispatch(request: IncomingRequest): Promise<SimAnswer>;
  /** What it simulates and where it is documented, as `GET /_sim/coverage` answers. */
  coverage(): Coverage;
  /**
   * Sets the initial state, as `GET /_sim/state` returns it: now and after every reset.
   *
   * @throws ControlInputError if it is not a valid state of this simulator.
   */
  begin(state: unknown): Promise<void>;
  /** Stops the simulator's background work and its clock. */
  close(): Promise<void>;
}

/** The definition of a simulator: see `createSimulator`. */
export interface SimulatorOptions {
  readonly name: string;
  readonly clock: ControlledClock;
  /** The vendor's routes. */
  readonly routes: readonly Route[];
  /** What the vendor does without a request, for `/_sim/coverage`. */
  readonly behaviours?: readonly Behaviour[];
  /** Routes under `/_sim` in addition to the common ones. */
  readonly control?: readonly Route[];
  /** Features of the vendor that the simulator lacks, one line each, for `/_sim/coverage`. */
  readonly notSimulated?: readonly string[];
  readonly state: StatePort;
  readonly vendor: VendorAnswers;
  /** Dates on which the vendor was last seen to keep a rule, by `ruleKey`. */
  readonly lastTrue?: Readonly<Record<string, string>>;
  /** Seed for the probabilities of faults; the simulator's name by default. */
  readonly seed?: string | number;
  /** Maximum number of requests in the journal; 1,000 by default. */
  readonly journalSize?: number;
  /** Waits real milliseconds, for latency; a timer by default. */
  readonly delay?: (milliseconds: number) => Promise<unknown>;
  /** Stops background work when the simulator is closed. */
  readonly stop?: () => void;
}

/** A simulator of one vendor, from its routes and its state. */
export function createSimulator(options: SimulatorOptions): Simulator {
  const { behaviours = [], notSimulated = [], lastTrue = {}, clock, name, routes, state } = options;
  const journal = new RequestJournal(options.journalSize);
  const faults = new FaultPlan(options.seed ?? name, clock);
  let beginning: unknown;
  const reset = async () => {
    journal.reset();
    faults.clear();
    await state.reset();
    if (beginning !== undefined) await state.put(beginning);
  };
  const coverage = () =>
    coverageOf({ name, routes, behaviours, notSimulated, control, hits: journal.hits, lastTrue });
  const openApi = () =>
    openApiDocument({
      title: `Control API of ${name}`,
      version: '1',
      description:
        'Reads and changes the state of the simulator, its clock, its faults and its request journal.',
      operations: control.flatMap(({ operation }) => operation ?? []),
    });
  const control: readonly Route[] = [
    ...sharedControlRoutes({ name, clock, journal, faults, routes, coverage, openApi, state, reset, repeat }),
    ...(options.control ?? []),
  ];
  const answerControl = createControlAnswers(control);
  const answerVendor = createVendorAnswers(routes, options.vendor, faults, options.delay ?? wait);

  async function dispatch(request: IncomingRequest): Promise<SimAnswer> {
    if (!isControl(request.path)) return (await answerRequest(request)).answer;
    return answerControl(request).catch(error => answerFailure(error, request));
  }

  /** Answers a request to the vendor, and keeps it in the journal. */
  async function answerRequest(
    request: IncomingRequest,
  ): Promise<{ readonly sequence: number; readonly answer: SimAnswer }> {
    const failed = (error: unknown) => answerFailure(error, request);
    const started = performance.now();
    const { method, path, query, headers } = request;
    const at = clock.now();
    const observed: Observed = { route: null, endpoint: null, body: new Uint8Array(), faults: [] };
    const answer = await answerVendor(request, observed).catch(failed);
    const { endpoint, ...rest } = observed;
    const sequence = journal.record(
      {
        ...{ at, ...rest, method, path, query, headers },
        status: answer.kind === 'respond' ? answer.status : answer.kind,
        rule: answer.rule ?? null,
        durationMs: Math.round(performance.now() - started),
        answer: answer.kind === 'respond' ? toWire(answer) : undefined,
      },
      endpoint,
    );
    return { sequence, answer };
  }

  /** Dispatches a request of the journal once more. */
  async function repeat({ body, ...request }: Received): Promise<number> {
    const { sequence, answer } = await answerRequest({ ...request, readBody: async () => body });
    if (answer.kind === 'respond' && answer.body instanceof ReadableStream) await answer.body.cancel();
    return sequence;
  }

  return {
    ...{ name, clock, journal, faults, dispatch, coverage },
    async begin(given) {
      await state.put(given);
      beginning = given;
    },
    async close() {
      options.stop?.();
      await clock.close();
    },
  };
}
