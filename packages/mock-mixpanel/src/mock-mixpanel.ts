/** The simulated Mixpanel behind its routes, and as a server. */
import {
  type ControlledClock,
  createSimulator,
  followClock,
  type Listening,
  type ListenOptions,
  listen,
  type Simulator,
  settingsRoutes,
} from '@braze-mixpanel/simulator-kit';
import { cohortBehaviours } from './cohorts/behaviours.ts';
import { cohortControlRoutes } from './cohorts/control-routes.ts';
import { createQueryGate } from './cohorts/query-gate.ts';
import { queryRoutes } from './cohorts/routes.ts';
import { eventControlRoutes } from './events/control-routes.ts';
import { exportRoute } from './events/routes.ts';
import { importRoutes } from './import/routes.ts';
import { trackRoutes } from './ingestion/routes.ts';
import { lastTrue } from './last-true.ts';
import { MockMixpanelModel, type MockMixpanelOptions } from './model.ts';
import { notSimulated } from './not-simulated.ts';
import { profileControlRoutes } from './profiles/control-routes.ts';
import { updateRoutes } from './profiles/routes.ts';
import { settingsSchema } from './settings.ts';
import { statePort } from './state.ts';
import { syncRules } from './syncs/behaviours.ts';
import { syncControlRoutes } from './syncs/control-routes.ts';
import { vendorAnswers } from './vendor-answers.ts';

export interface MockMixpanel {
  readonly model: MockMixpanelModel;
  readonly simulator: Simulator;
  readonly clock: ControlledClock;
  /** Stops what it originates, and the clock. */
  close(): Promise<void>;
}

/** The simulator without a server, for msw and for tests that call `simulator.dispatch`. */
export function createMockMixpanel(options: MockMixpanelOptions = {}): MockMixpanel {
  const model = new MockMixpanelModel(options);
  const { clock, cohorts, events, groups, identities, limits, profiles, project, rules, sessions, syncs } =
    model;
  const { newInsertId } = model;
  const settings = () => model.settings;
  const gate = createQueryGate('query', { project, settings, limits });
  const exportGate = createQueryGate('export', { project, settings, limits });
  const ingestion = { project, settings, events, clock, limits, newInsertId };
  const simulator = createSimulator({
    name: 'mock-mixpanel',
    clock,
    seed: options.seed ?? 'mock-mixpanel',
    routes: [
      ...importRoutes(ingestion),
      ...trackRoutes(ingestion),
      ...updateRoutes({ project, settings, profiles, groups, identities, clock }),
      exportRoute({ gate: exportGate, events }),
      ...queryRoutes({ projectId: project.id, settings, cohorts, sessions, clock, gate, identities }),
    ],
    control: [
      ...eventControlRoutes(events),
      ...cohortControlRoutes(cohorts, rules, clock),
      ...profileControlRoutes({ profiles, groups, identities }),
      ...syncControlRoutes(syncs, cohorts),
      ...settingsRoutes(() => model, settingsSchema, { pageSize: 100, rateLimits: true }),
    ],
    behaviours: [...cohortBehaviours, ...syncRules],
    lastTrue,
    notSimulated,
    state: statePort(model),
    vendor: vendorAnswers,
  });
  const close = async () => {
    model.close();
    await simulator.close();
  };
  return { model, simulator, clock, close };
}

/** `bodyLimit` is 256 MB by default, for cohorts of many members. `/import` has its own limit. */
export interface StartOptions extends MockMixpanelOptions, ListenOptions {
  /** The `/_sim/clock` of another simulator, to follow instead of a clock of its own. */
  readonly clockUrl?: string | undefined;
}

export interface RunningMockMixpanel extends MockMixpanel, Listening {}

/** Starts the simulator as a server. @throws with one sentence when the port can't be had. */
export async function startMockMixpanel(options: StartOptions = {}): Promise<RunningMockMixpanel> {
  const { bodyLimit = 256 * 1024 * 1024, clockUrl } = options;
  const followed =
    clockUrl === undefined ? undefined : await followClock(clockUrl, { name: 'mock-mixpanel' });
  const mixpanel = createMockMixpanel({ ...options, clock: options.clock ?? followed });
  const server = await listen(mixpanel.simulator, { ...options, bodyLimit }).catch(async error => {
    await mixpanel.close();
    throw error;
  });
  const close = async () => {
    await mixpanel.close();
    await server.close();
  };
  return { ...mixpanel, ...server, close, [Symbol.asyncDispose]: close };
}
