/** The simulated Mixpanel: its routes and its server. */
import {
  type ControlledClock,
  createSimulator,
  type Listening,
  type Simulator,
  type StartSimulatorOptions,
  startSimulator,
} from '@braze-mixpanel/simulator-kit';
import { browserRoutes } from './browser/routes.ts';
import { cohortBehaviours } from './cohorts/behaviours.ts';
import { cohortRoutes } from './cohorts/routes.ts';
import { mockMixpanelControlRoutes } from './control-routes.ts';
import { deletionBehaviours } from './deletions/behaviours.ts';
import { deletionRoutes } from './deletions/routes.ts';
import { exportRoutes } from './events/routes.ts';
import { importRoutes } from './import/routes.ts';
import { trackRoutes } from './ingestion/routes.ts';
import { lastTrue } from './last-true.ts';
import { lexiconBehaviours } from './lexicon/behaviours.ts';
import { lexiconRoutes } from './lexicon/routes.ts';
import { lookupTableBehaviours } from './lookup-tables/behaviours.ts';
import { lookupTableRoutes } from './lookup-tables/routes.ts';
import { MockMixpanelModel, type MockMixpanelOptions } from './model.ts';
import { notSimulated } from './not-simulated.ts';
import { profileRoutes } from './profiles/routes.ts';
import { reportRoutes } from './reports/routes.ts';
import { serviceAccountRoutes } from './service-accounts/routes.ts';
import { statePort } from './state.ts';
import { syncBehaviours } from './syncs/behaviours.ts';
import { vendorAnswers } from './vendor-answers.ts';

/** A simulated Mixpanel without a server. */
export interface MockMixpanel {
  readonly model: MockMixpanelModel;
  readonly simulator: Simulator;
  readonly clock: ControlledClock;
  /** Stops running cohort syncs and the clock. */
  close(): Promise<void>;
}

/** The simulator without a server, for msw and for tests that call `simulator.dispatch`. */
export function createMockMixpanel(options: MockMixpanelOptions = {}): MockMixpanel {
  const model = new MockMixpanelModel(options);
  const { clock } = model;
  const simulator = createSimulator({
    name: 'mock-mixpanel',
    clock,
    seed: options.seed ?? 'mock-mixpanel',
    routes: [
      ...importRoutes(model),
      ...trackRoutes(model),
      ...profileRoutes(model),
      ...browserRoutes(model),
      ...exportRoutes(model),
      ...cohortRoutes(model),
      ...reportRoutes(model),
      ...lexiconRoutes(model),
      ...lookupTableRoutes(model),
      ...deletionRoutes(model),
      ...serviceAccountRoutes(model),
    ],
    control: mockMixpanelControlRoutes(model),
    behaviours: [
      ...cohortBehaviours,
      ...syncBehaviours,
      ...lexiconBehaviours,
      ...lookupTableBehaviours,
      ...deletionBehaviours,
    ],
    lastTrue,
    notSimulated,
    state: statePort(model),
    vendor: vendorAnswers,
    stop: () => model.close(),
  });
  return { model, simulator, clock, close: simulator.close };
}

/** Options of `startMockMixpanel`. */
export interface StartOptions extends MockMixpanelOptions, StartSimulatorOptions {}

/** A simulator with its server: `url`, and `close` for both. */
export interface RunningMockMixpanel extends Omit<MockMixpanel, 'close'>, Listening {}

/** The simulator as a server. @throws Error with one sentence if the port is not available. */
export function startMockMixpanel(options: StartOptions = {}): Promise<RunningMockMixpanel> {
  return startSimulator('mock-mixpanel', options, clock => createMockMixpanel({ ...options, clock }));
}
