import { startMockBraze } from '@braze-mixpanel/mock-braze';
import { mockBrazeClient } from '@braze-mixpanel/mock-braze/client';
import { startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { mockMixpanelClient } from '@braze-mixpanel/mock-mixpanel/client';
import { vi } from 'vitest';
import type { TablesJson } from '../lookup-tables/tables-json.ts';
import type { ServiceDependencies } from '../service/dependencies.ts';
import { ManualClock } from './manual-clock.ts';
import { accountSettings } from './mixpanel-account.ts';
import { asOperator, RunningService } from './running-service.ts';

/** IDs of the four tables that exist in Mixpanel. */
export const tableSettings = {
  LOOKUP_TABLE_CAMPAIGNS: '55b4fb2b-e8de-466c-930f-8b36640b9b5e',
  LOOKUP_TABLE_CANVASES: '1297297a-43a7-4cac-82b0-635d2bd88aac',
  LOOKUP_TABLE_MESSAGE_VARIATIONS: '9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d',
  LOOKUP_TABLE_CANVAS_STEPS: '7d444840-9dc0-11d1-b245-5ffdce74fad2',
};
const keys = ['campaign_id', 'canvas_id', 'message_variation_id', 'canvas_step_id'];

export const start = Date.parse('2026-03-01T12:30:00Z');

/** A fault of a simulator: a status in place of answers. */
interface Failing {
  status: number;
  times?: number;
  skip?: number;
  for?: string;
  headers?: Record<string, string>;
  body?: unknown;
}

/** Both simulators, with four tables of one row each, on a clock that services follow. */
export class LookupTableWorld implements AsyncDisposable {
  readonly clock = new ManualClock(start);
  readonly braze;
  readonly mixpanel;
  readonly settings: Record<string, string>;
  readonly #started: AsyncDisposableStack;
  readonly #brazeClock: { set(at: number): unknown };

  private constructor(
    started: AsyncDisposableStack,
    braze: Awaited<ReturnType<typeof startMockBraze>>,
    mixpanelUrl: string,
  ) {
    this.#started = started;
    this.#brazeClock = braze.clock;
    this.braze = mockBrazeClient(braze.url);
    this.mixpanel = mockMixpanelClient(mixpanelUrl);
    this.settings = {
      ...{ MIXPANEL_TOKEN: '', ...accountSettings(mixpanelUrl), ...tableSettings },
      ...{ BRAZE_REST_URL: braze.url, BRAZE_ANALYTICS_KEY: 'braze-rest-key' },
    };
  }

  static async begin(): Promise<LookupTableWorld> {
    await using started = new AsyncDisposableStack();
    const mixpanel = started.use(await startMockMixpanel());
    const braze = started.use(await startMockBraze());
    await braze.clock.set(start);
    braze.clock.freeze();
    const world = new LookupTableWorld(started.move(), braze, mixpanel.url);
    for (const [index, id] of Object.values(tableSettings).entries()) {
      const body = { name: keys[index]!, properties: [keys[index]!], csv: `${keys[index]},name\nold,Old\n` };
      await world.mixpanel.request('PUT lookup-tables/:id', { params: { id }, body });
    }
    return world;
  }

  /** A service, which begins its first run. */
  serve(
    environment: Record<string, string> = {},
    given: Partial<ServiceDependencies> = {},
  ): Promise<RunningService> {
    return RunningService.start({ ...this.settings, ...environment }, { clock: this.clock, ...given });
  }

  /** A service that follows the clock of mock Braze by itself. */
  serveOnSimulatedClock(): Promise<RunningService> {
    return RunningService.start({
      ...this.settings,
      CLOCK_URL: `${this.settings.BRAZE_REST_URL}/_sim/clock`,
    });
  }

  /** Creates campaigns with one message each, which is sent at the start. */
  async campaigns(...ids: string[]): Promise<void> {
    await this.braze.request('POST emit', {
      body: {
        events: ids.map(id => ({
          ...{ event_type: 'users.messages.email.Send', time: start / 1_000, user: { user_id: 'ada' } },
          properties: {
            ...{ campaign_id: id, campaign_name: `Name of ${id}` },
            ...{ message_variation_id: `${id}-a`, message_variation_name: 'A' },
          },
        })),
      },
    });
  }

  /** The rows of a table by key. */
  async rows(setting: keyof typeof tableSettings): Promise<Record<string, Record<string, unknown>>> {
    const params = { id: tableSettings[setting] };
    const rows = await this.mixpanel.request('GET lookup-tables/:id/rows', { params });
    return Object.fromEntries(rows.map(({ key, columns }) => [key, columns]));
  }

  /** Names of campaigns in their table, by ID. */
  async namesOf(): Promise<Record<string, unknown>> {
    const rows = await this.rows('LOOKUP_TABLE_CAMPAIGNS');
    return Object.fromEntries(Object.entries(rows).map(([id, { name }]) => [id, name]));
  }

  /** Renames a campaign in Braze. */
  async rename(id: string, name: string, tags: string[] = []): Promise<void> {
    await this.braze.request('PUT campaigns/:id', { params: { id }, body: { name, tags } });
  }

  /** Has Braze answer a route with a status. */
  async failBraze(failing: Failing & { readonly route: string }): Promise<void> {
    await this.braze.request('POST faults', { body: { kind: 'status', ...failing } });
  }

  /** Has Mixpanel answer the next replacement of a table with a status. */
  async failMixpanel(failing: Failing): Promise<void> {
    const body = { kind: 'status' as const, route: 'lookup-table-replace', times: 1, ...failing };
    await this.mixpanel.request('POST faults', { body });
  }

  /** Number of requests to Braze, of all routes or of one. */
  async reads(route?: string): Promise<number> {
    const query = { limit: 1_000, ...(route !== undefined && { route }) };
    return (await this.braze.request('GET requests', { query })).requests.length;
  }

  /** Number of replacements of tables. */
  async writes(): Promise<number> {
    const query = { route: 'lookup-table-replace' };
    return (await this.mixpanel.request('GET requests', { query })).requests.length;
  }

  /** Moves the clock of the service and that of Braze. */
  async advance(milliseconds: number): Promise<void> {
    await this.#brazeClock.set(this.clock.now() + milliseconds);
    await this.clock.advance(milliseconds);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#started.disposeAsync();
  }
}

export const tablesOf = async (running: RunningService): Promise<TablesJson> =>
  (await (await running.get('/api/lookup-tables')).json()) as TablesJson;

/** Waits until the run of a number has ended, or waits for a limit. */
export const rested = (running: RunningService, run = 1): Promise<TablesJson> =>
  vi.waitFor(
    async () => {
      const tables = await tablesOf(running);
      if (tables.run?.number !== run || tables.state === 'running')
        throw new Error(`Still running: ${JSON.stringify(tables)}.`);
      return tables;
    },
    { timeout: 10_000, interval: 10 },
  );

export const pushTables = (running: RunningService, body: object = {}): Promise<Response> =>
  fetch(`${running.service.url}/api/lookup-tables/push`, {
    method: 'POST',
    headers: { ...asOperator, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
