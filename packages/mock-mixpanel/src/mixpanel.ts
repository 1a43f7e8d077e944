import { importLimits, queryLimits } from '@braze-mixpanel/core/mixpanel';
import {
  type ControlledClock,
  createClock,
  createRateLimits,
  createSimulator,
  type RateLimits,
  type Simulator,
} from '@braze-mixpanel/simulator-kit';
import { eventControlRoutes } from './events/control-routes.ts';
import { EventStore } from './events/event-store.ts';
import { exportRoute } from './events/export-route.ts';
import { importRoute } from './import/route.ts';
import {
  defaultProject,
  type Project,
  type Settings,
  type SettingsChange,
  settingsSchema,
} from './project.ts';
import { settingsRoutes } from './settings-routes.ts';
import { statePort } from './state.ts';
import { vendorAnswers } from './vendor-answers.ts';

export interface MockMixpanelOptions {
  /** A running clock of its own by default. */
  readonly clock?: ControlledClock | undefined;
  /** Makes random faults repeatable. */
  readonly seed?: string | number | undefined;
  /** The project's id and credentials where they differ from `defaultProject`. */
  readonly project?: Partial<Project> | undefined;
  readonly settings?: SettingsChange | undefined;
}

/** The state and rules of the simulated Mixpanel, without any door. */
export class MockMixpanelModel {
  readonly project: Project;
  readonly clock: ControlledClock;
  readonly events = new EventStore();
  readonly limits: RateLimits<'importBytes' | 'queries'>;
  readonly #initialSettings: Settings;
  #settings: Settings;

  constructor({ clock = createClock(), project, settings }: MockMixpanelOptions) {
    this.project = { ...defaultProject, ...project };
    this.clock = clock;
    this.#initialSettings = settingsSchema.parse(settings ?? {});
    this.#settings = this.#initialSettings;
    this.limits = createRateLimits(clock, {
      importBytes: { limit: importLimits.bytesPerMinute, windowMs: 60_000 },
      queries: { limit: queryLimits.queriesPerHour, windowMs: 3_600_000 },
    });
    this.change({});
  }

  get settings(): Settings {
    return this.#settings;
  }

  change(change: SettingsChange): void {
    const given = Object.entries(change).filter(([, value]) => value !== undefined);
    this.#settings = { ...this.#settings, ...Object.fromEntries(given) };
    this.limits.enabled = this.#settings.rateLimits;
  }

  /** Back to an empty project with the settings it was made with. */
  reset(): void {
    this.events.reset();
    this.limits.reset();
    this.#settings = this.#initialSettings;
    this.change({});
  }
}

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
  const { clock, events, limits, project } = model;
  const settings = () => model.settings;
  const simulator = createSimulator({
    name: 'mock-mixpanel',
    clock,
    seed: options.seed ?? 'mock-mixpanel',
    routes: [importRoute({ project, settings, events, clock, limits }), exportRoute({ project, events })],
    control: [...eventControlRoutes(events), ...settingsRoutes(settings, change => model.change(change))],
    state: statePort(model),
    vendor: vendorAnswers,
  });
  return { model, simulator, clock, close: () => simulator.close() };
}
