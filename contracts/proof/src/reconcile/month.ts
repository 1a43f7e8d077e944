import { setTimeout as wait } from 'node:timers/promises';
import { seededRandom } from '@braze-mixpanel/core/currents';
import { startMockBraze } from '@braze-mixpanel/mock-braze';
import { mockBrazeClient } from '@braze-mixpanel/mock-braze/client';
import { startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { mockMixpanelClient } from '@braze-mixpanel/mock-mixpanel/client';
import { readConfig, startService } from '@braze-mixpanel/service';
import { createClock } from '@braze-mixpanel/simulator-kit';
import { adminToken, ask, countsOf } from '../service/counts.ts';

/** A row of a report, as far as the proof reads it. */
export interface ReportedRow {
  readonly day: string;
  readonly event: string;
  readonly late: { readonly events?: number };
  readonly steps: readonly {
    readonly step: string;
    readonly difference: number;
    readonly causes: readonly { readonly cause: string; readonly reason?: string; readonly events: number }[];
    readonly unexplained: number;
  }[];
  readonly unexplained: number;
}

/** A kept report, as far as the proof reads it. */
export interface Report {
  readonly findings: readonly string[];
  readonly notKnown: readonly string[];
  readonly events: number;
  readonly unexplained: number;
  readonly rows: readonly ReportedRow[];
  readonly messages: readonly {
    readonly event: string;
    readonly columns: Readonly<Record<string, { readonly events?: number }>>;
  }[];
}

/** Time zone of the Braze company: half an hour off, so that days differ. */
const companyZone = 'Asia/Kolkata';
const dayMs = 86_400_000;
const start = Date.UTC(2026, 2, 1);
export const monthDays = 30;
const project = '12345';

/** `YYYY-MM-DD` of a day of the month, from 1. */
export const dayOf = (day: number): string => new Date(start + (day - 1) * dayMs).toISOString().slice(0, 10);

export interface WrongSettings {
  readonly environment?: Readonly<Record<string, string>>;
  readonly projectZone?: string;
}

/** A simulated Braze and Mixpanel and the real service, whose month passes day by day. */
export type Month = Awaited<ReturnType<typeof startMonth>>;

const canvas = { campaign_id: null, canvas_id: 'k1', canvas_step_id: 's1' };
const ofTypes: Readonly<Record<string, object>> = {
  'users.canvas.Entry': canvas,
  'users.behaviors.CustomEvent': { campaign_id: null, name: 'Signed Up' },
  'users.behaviors.Purchase': { campaign_id: null, product_id: 'p1', price: 1, currency: 'EUR' },
};

/**
 * @param seed of all that is random
 * @param types event types that the Current sends
 * @param wrong settings that are not those of the vendors, and the time zone of the Mixpanel project
 */
export async function startMonth(
  seed: number,
  types: readonly string[],
  { environment = {}, projectZone = 'UTC' }: WrongSettings = {},
) {
  await using started = new AsyncDisposableStack();
  const random = seededRandom(seed);
  const clock = createClock({ start: start + dayMs / 2, frozen: true });
  const mixpanelServer = started.use(await startMockMixpanel({ clock, settings: { timeZone: projectZone } }));
  const clockUrl = `${mixpanelServer.url}/_sim/clock`;
  const brazeServer = started.use(await startMockBraze({ clockUrl, settings: { timeZone: companyZone } }));
  const service = started.use(
    await startService(
      readConfig({
        environment: {
          ...{ PORT: '0', STORAGE_URL: 'sqlite::memory:', LOG_LEVEL: 'silent', CLOCK_URL: clockUrl },
          ...{
            CURRENTS_TOKEN: 'proof-currents-token',
            ADMIN_TOKEN: adminToken,
            MIXPANEL_PROJECT_ID: project,
          },
          ...{ MIXPANEL_SERVICE_ACCOUNT: 'service-account', MIXPANEL_SERVICE_SECRET: 'service-secret' },
          ...{ MIXPANEL_TOKEN: 'mixpanel-token', MIXPANEL_OAUTH_TOKEN: 'mixpanel-oauth-token' },
          ...{ MIXPANEL_API_URL: mixpanelServer.url, MIXPANEL_QUERY_URL: mixpanelServer.url },
          ...{
            BRAZE_REST_URL: brazeServer.url,
            BRAZE_ANALYTICS_KEY: 'braze-rest-key',
            BRAZE_TIMEZONE: companyZone,
          },
          ...{ DELIVERY_RETRY_BASE: '20ms', DELIVERY_RETRY_MAX: '100ms', DELIVERED_RETENTION: '60d' },
          CURRENTS_EXCLUDE: 'Email Bounce where campaign_id = excluded',
          ...environment,
        },
      }),
    ),
  );
  const braze = mockBrazeClient(brazeServer.url);
  const mixpanel = mockMixpanelClient(mixpanelServer.url);
  const { id: current } = await braze.request('POST currents', {
    body: {
      ...{ kind: 'custom-http', name: 'To Mixpanel', contactEmail: 'data@example.com', launch: true },
      ...{ endpoint: `${service.url}/currents`, token: 'proof-currents-token', events: [...types] },
    },
  });
  let ids = 0;

  /** An event of a message or of a behavior at an hour of a day. */
  const event = (type: string, day: number, { hour = 10, user = '', properties = {} } = {}) => {
    ids += 1;
    const id = `00000000-0000-4000-8000-${String(ids).padStart(12, '0')}`;
    return {
      ...{
        event_type: type,
        id,
        time: (start + (day - 1) * dayMs) / 1_000 + hour * 3_600 + ((ids * 7_919) % 3_600),
      },
      user: { user_id: `braze-${ids}`, external_user_id: user === '' ? `customer-${ids}` : user },
      properties: {
        campaign_id: 'c1',
        message_variation_id: 'v1',
        dispatch_id: 'd1',
        ...ofTypes[type],
        ...properties,
      },
    };
  };
  const emit = (events: readonly unknown[], duplicates = 0) =>
    braze.request('POST emit', { body: { events: [...events], duplicates } });
  /** Resolves when nothing waits for its delivery. */
  const delivered = async () => {
    while ((await countsOf(service.url)).pending.events > 0) await wait(5);
  };
  const report = async (): Promise<Report> => {
    const range = { from: dayOf(1), to: dayOf(monthDays) };
    const begun = await fetch(`${service.url}/api/reconcile`, {
      ...{ method: 'POST', body: JSON.stringify(range) },
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
    });
    const { id } = (await begun.json()) as { id: number };
    for (;;) {
      const answer = await ask<{ state: string; problem: string | null; report: Report }>(
        ...([service.url, 'GET', `/api/reconcile/${id}`] as const),
      );
      if (answer.state === 'done') return answer.report;
      if (answer.state === 'failed') throw new Error(`The report failed: ${answer.problem}`);
      await wait(20);
    }
  };
  const running = started.move();
  return {
    ...{ braze, mixpanel, mixpanelUrl: mixpanelServer.url, service: service.url, current, random },
    ...{ event, emit, delivered, report, project },
    /** Passes a day. */
    passDay: () => clock.advance(dayMs),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
