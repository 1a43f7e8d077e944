import { setTimeout as wait } from 'node:timers/promises';
import { openApiDocument } from '@braze-mixpanel/core/open-api';
import type { ControlledClock } from './clock/types.ts';
import { type StatePort, sharedControlRoutes } from './control/routes.ts';
import { createControlAnswers, isControl } from './dispatch/answer-control.ts';
import { answerFailure } from './dispatch/answer-failure.ts';
import { createVendorAnswers } from './dispatch/answer-vendor.ts';
import type { IncomingRequest, VendorAnswers } from './dispatch/incoming-request.ts';
import { FaultPlan } from './faults/plan.ts';
import { RequestJournal } from './journal/journal.ts';
import { type Coverage, coverageOf } from './provenance/coverage.ts';
import type { Behaviour, Route, SimAnswer } from './types.ts';

/**
 * A simulated vendor without a transport: its routes, faults, journal, clock and control API. Express (`listen`), msw
 * handlers and tests all call `dispatch`, on the same state.
 */
export interface Simulator {
  readonly name: string;
  readonly clock: ControlledClock;
  /** Every request to the vendor's routes. */
  readonly journal: RequestJournal;
  readonly faults: FaultPlan;
  /** Answers one request. Never throws: an unexpected error is an answer with status 500. */
  dispatch(request: IncomingRequest): Promise<SimAnswer>;
  /** What it simulates and by which sources, as `GET /_sim/coverage` answers. */
  coverage(): Coverage;
  /**
   * Sets the state, as `GET /_sim/state` gives it, now and after every reset.
   *
   * @throws ControlInputError when it is not a state of this simulator.
   */
  begin(state: unknown): Promise<void>;
  /** Stops what the simulator does by itself, and its clock. */
  close(): Promise<void>;
}

/** What makes a simulator: see `createSimulator`. */
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
  /** For the probabilities of faults; the name by default. */
  readonly seed?: string | number;
  /** How many requests the journal keeps; 1,000 by default. */
  readonly journalSize?: number;
  /** Real waiting, for latency; a timer by default. */
  readonly delay?: (milliseconds: number) => Promise<unknown>;
  /** Stops what the simulator does by itself, when it is closed. */
  readonly stop?: () => void;
}

/** A simulator of one vendor, from its table of routes and its state. */
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
    ...sharedControlRoutes({ name, clock, journal, faults, routes, coverage, openApi, state, reset }),
    ...(options.control ?? []),
  ];
  const answerControl = createControlAnswers(control);
  const answerVendor = createVendorAnswers(routes, options.vendor, faults, options.delay ?? wait);

  async function dispatch(request: IncomingRequest): Promise<SimAnswer> {
    const failed = (error: unknown) => answerFailure(error, request);
    if (isControl(request.path)) return answerControl(request).catch(failed);
    const started = performance.now();
    const { method, path, query, headers } = request;
    const observed = { at: clock.now(), route: null, body: new Uint8Array() };
    const answer = await answerVendor(request, observed).catch(failed);
    journal.record({
      ...observed,
      ...{ method, path, query, headers },
      status: answer.kind === 'respond' ? answer.status : answer.kind,
      rule: answer.rule ?? null,
      durationMs: Math.round(performance.now() - started),
    });
    return answer;
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
