/** The simulated Braze behind its routes, and the doors to it. */
import type { ControlledClock, Listening, ListenOptions, Simulator } from '@braze-mixpanel/simulator-kit';
import {
  checkControlInput,
  controlRoute,
  createClock,
  createSimulator,
  followClock,
  listen,
  readControlInput,
  respond,
} from '@braze-mixpanel/simulator-kit';
import { currentsRoutes } from './currents/routes.ts';
import { currentsBehaviours } from './currents/rules.ts';
import { MockBrazeModel } from './model.ts';
import { notSimulated } from './not-simulated.ts';
import { partnerControlRoutes } from './partners/control-routes.ts';
import { partnerRoutes } from './partners/routes.ts';
import { restRoutes } from './rest/routes.ts';
import { segmentRoutes } from './segments/routes.ts';
import type { Settings } from './settings.ts';
import { changeSettings, settingsSchema } from './settings.ts';
import type { State } from './state.ts';
import { stateSchema } from './state.ts';
import { userRoutes } from './users/routes.ts';
import { vendorAnswers } from './vendor-answers.ts';

export interface MockBrazeOptions {
  /** Its own running clock by default. */
  readonly clock?: ControlledClock | undefined;
  /** Sends Currents; the global one by default. */
  readonly fetch?: typeof fetch | undefined;
  /** Makes generated data, jitter and random faults repeatable. */
  readonly seed?: string | number | undefined;
  readonly settings?: Partial<Settings> | undefined;
  /** What the workspace holds at the start and after a reset. */
  readonly state?: State | undefined;
  /** The REST endpoint shown on the partner page; by default the address under which it was asked. */
  readonly restEndpoint?: string | undefined;
  /** Whether that address is HTTPS, by default. */
  readonly tls?: unknown;
}

export interface MockBraze {
  readonly model: MockBrazeModel;
  readonly simulator: Simulator;
  readonly clock: ControlledClock;
  /** Stops the Currents and the clock. */
  close(): Promise<void>;
}

/** The simulator without a server, for msw and for tests that call `simulator.dispatch`. */
export async function createMockBraze(options: MockBrazeOptions = {}): Promise<MockBraze> {
  const { clock = createClock(), seed = 'mock-braze' } = options;
  const scheme = options.tls ? 'https' : 'http';
  const model = new MockBrazeModel({
    clock,
    seed,
    fetch: options.fetch ?? fetch,
    settings: options.settings,
  });
  const begin = stateSchema.parse(options.state ?? {});
  await model.restore(begin);
  const simulator = createSimulator({
    name: 'mock-braze',
    clock,
    seed,
    routes: [...partnerRoutes(model), ...restRoutes(model)],
    behaviours: currentsBehaviours,
    notSimulated,
    control: [
      ...currentsRoutes(model),
      ...userRoutes(model),
      ...segmentRoutes(model),
      ...partnerControlRoutes(
        model,
        request => options.restEndpoint ?? `${scheme}://${request.headers.host ?? 'localhost'}`,
      ),
      controlRoute('GET', 'settings', () => respond(200, model.settings)),
      controlRoute('PUT', 'settings', request => {
        const change = readControlInput(request, settingsSchema, { batchSize: 50, flushInterval: '5m' });
        model.settings = changeSettings(model.settings, change);
        return respond(200, model.settings);
      }),
    ],
    state: {
      get: () => model.state(),
      put: state => {
        const hint = 'GET /_sim/state shows its shape; parts that are left out are as at the start.';
        return model.restore(checkControlInput(state, stateSchema, 'The state', hint));
      },
      reset: () => model.reset(begin),
    },
    vendor: vendorAnswers,
  });
  const close = async () => {
    model.close();
    await simulator.close();
  };
  return { model, simulator, clock, close };
}

/** `bodyLimit` is 256 MB by default, for emissions of many events. */
export interface StartOptions extends Omit<MockBrazeOptions, 'tls'>, ListenOptions {
  /** The `/_sim/clock` of another simulator, to follow instead of a clock of its own. */
  readonly clockUrl?: string | undefined;
}

export interface RunningMockBraze extends MockBraze, Listening {}

/** Starts the simulator as a server. @throws with one sentence when the port can't be had. */
export async function startMockBraze(options: StartOptions = {}): Promise<RunningMockBraze> {
  const { bodyLimit = 256 * 1024 * 1024, clockUrl } = options;
  const clock =
    options.clock ??
    (clockUrl === undefined ? undefined : await followClock(clockUrl, { name: 'mock-braze' }));
  const braze = await createMockBraze({ ...options, clock });
  const server = await listen(braze.simulator, { ...options, bodyLimit }).catch(async error => {
    await braze.close();
    throw error;
  });
  const close = async () => {
    braze.model.close();
    await server.close();
  };
  return { ...braze, ...server, close, [Symbol.asyncDispose]: close };
}
