/** The simulated Braze: its routes and its server. */
import {
  type ControlledClock,
  checkControlInput,
  createClock,
  createSimulator,
  type Listening,
  type Route,
  type Simulator,
  type StartSimulatorOptions,
  startSimulator,
} from '@braze-mixpanel/simulator-kit';
import { campaignRoutes } from './analytics/campaign-routes.ts';
import { canvasRoutes } from './analytics/canvas-routes.ts';
import { eventRoutes } from './analytics/event-routes.ts';
import { mockBrazeControlRoutes } from './control-routes.ts';
import { currentsBehaviours } from './currents/behaviours.ts';
import type { StorageBucket } from './currents/storage/bucket-store.ts';
import { storeOf } from './currents/storage/store-of.ts';
import { lastTrue } from './last-true.ts';
import { MockBrazeModel } from './model.ts';
import { notSimulated } from './not-simulated.ts';
import { partnerRoutes } from './partners/routes.ts';
import { restRoutes } from './rest/routes.ts';
import { segmentSeriesRoute } from './segments/series-route.ts';
import type { Settings } from './settings.ts';
import { type State, stateSchema } from './state.ts';
import { vendorAnswers } from './vendor-answers.ts';
import { Workspaces } from './workspaces/workspaces.ts';

/** Options of a mock Braze. */
export interface MockBrazeOptions {
  /** A running clock of its own by default. */
  readonly clock?: ControlledClock | undefined;
  /** Sends the requests of Currents; the global `fetch` by default. */
  readonly fetch?: typeof fetch | undefined;
  /** Seed of generated data, jitter and random faults. */
  readonly seed?: string | number | undefined;
  readonly settings?: Partial<Settings> | undefined;
  /** The initial state, also used after a reset, as `GET /_sim/state` returns it. */
  readonly state?: State | undefined;
  /** The REST endpoint shown on the partner page; by default the address of the request. */
  readonly restEndpoint?: string | undefined;
  /**
   * Existing folder in which Currents of the kind `storage` write files, and nowhere else. By default, such
   * Currents can't be created.
   */
  readonly storageDir?: string | undefined;
  /** Bucket for the files instead of a folder: its address and the endpoint, which is never Amazon's own by default. */
  readonly storageBucket?: StorageBucket | undefined;
  /** Called with every event emitted in the main workspace, before it reaches a Current. */
  readonly onEmit?: ((events: readonly unknown[]) => void) | undefined;
  /** Additional routes under `/_sim`. */
  readonly control?: readonly Route[] | undefined;
  /** Whether the default of that address uses HTTPS. */
  readonly tls?: unknown;
}

/** A simulated Braze without a server. */
export interface MockBraze {
  /** The main workspace. */
  readonly model: MockBrazeModel;
  readonly workspaces: Workspaces;
  readonly simulator: Simulator;
  readonly clock: ControlledClock;
  /** Stops the Currents and the clock. */
  close(): Promise<void>;
}

/**
 * The simulator without a server, for msw and for tests that call `simulator.dispatch`.
 *
 * @throws Error with one sentence if `storageDir` is no folder or `storageBucket` has no valid address or endpoint
 */
export async function createMockBraze(options: MockBrazeOptions = {}): Promise<MockBraze> {
  const { clock = createClock(), seed = 'mock-braze' } = options;
  const scheme = options.tls ? 'https' : 'http';
  const store = await storeOf(options);
  const make = (name: string) =>
    new MockBrazeModel({
      clock,
      seed: name === 'main' ? seed : `${seed}/${name}`,
      fetch: options.fetch ?? fetch,
      settings: options.settings,
      store,
      onEmit: name === 'main' ? options.onEmit : undefined,
    });
  const model = make('main');
  const workspaces = new Workspaces(model, make);
  const begin = stateSchema.parse(options.state ?? {});
  await workspaces.restore(begin);
  const simulator = createSimulator({
    name: 'mock-braze',
    clock,
    seed,
    routes: [
      ...partnerRoutes(workspaces),
      ...restRoutes(workspaces),
      ...campaignRoutes(workspaces),
      ...canvasRoutes(workspaces),
      ...eventRoutes(workspaces),
      segmentSeriesRoute(workspaces),
    ],
    behaviours: currentsBehaviours,
    lastTrue,
    notSimulated,
    control: [
      ...mockBrazeControlRoutes(
        workspaces,
        request => options.restEndpoint ?? `${scheme}://${request.headers.host ?? 'localhost'}`,
      ),
      ...(options.control ?? []),
    ],
    state: {
      get: () => workspaces.state(),
      put: state => {
        const hint = 'GET /_sim/state shows its shape; omitted parts get their initial values.';
        return workspaces.restore(checkControlInput(state, stateSchema, 'The state', hint));
      },
      reset: () => workspaces.reset(begin),
    },
    vendor: vendorAnswers,
    stop: () => workspaces.close(),
  });
  return { model, workspaces, simulator, clock, close: simulator.close };
}

/** Options of `startMockBraze`: those of the simulator, and those of the server. */
export interface StartOptions extends Omit<MockBrazeOptions, 'tls'>, StartSimulatorOptions {}

/** A simulator with its server: `url`, and `close` for both. */
export interface RunningMockBraze extends Omit<MockBraze, 'close'>, Listening {}

/** The simulator as a server. @throws Error with one sentence if the port is not available. */
export function startMockBraze(options: StartOptions = {}): Promise<RunningMockBraze> {
  return startSimulator('mock-braze', options, clock => createMockBraze({ ...options, clock }));
}
