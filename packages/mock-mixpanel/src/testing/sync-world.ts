import { createClock } from '@braze-mixpanel/simulator-kit';
import { beforeEach, expect } from 'vitest';
import { createMockMixpanel, type MockMixpanel } from '../index.ts';

export const hour = 3_600_000;
export const webhook = {
  type: 'webhook',
  url: 'http://service.example/webhooks/mixpanel/default',
  username: 'mixpanel',
  password: 'webhook-pass',
};
export const braze = { type: 'braze', restEndpoint: 'http://braze.example/', dataImportKey: 'import-key' };

/** A request received by a destination: a webhook call or a request of the partner cohort API. */
export interface Sent {
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: {
    readonly action: string;
    readonly parameters: {
      readonly members: Record<string, unknown>[];
      readonly page_info: { readonly total_pages: number; readonly page_count: number };
      readonly mixpanel_session_id: string;
    };
    readonly cohort_changes?: { readonly user_ids: string[]; readonly should_remove: boolean }[];
  };
}

export const taken = ({ body }: Sent) =>
  body.action !== undefined
    ? Response.json({ action: body.action, status: 'success' })
    : Response.json({ message: 'success' }, { status: 201 });

export const ids = (count: number, prefix = 'user') =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

export const summary = ({ body }: Sent) => {
  const { members, page_info } = body.parameters;
  return [body.action, members.length, `${page_info.page_count}/${page_info.total_pages}`];
};

/** A mock Mixpanel for each test of a file, and the requests of its cohort syncs. */
export function syncWorld() {
  const world = {
    mixpanel: undefined as unknown as MockMixpanel,
    sent: [] as Sent[],
    /** Real milliseconds between retries. */
    waits: [] as number[],
    /** The answers of the destination; it accepts everything by default. */
    answer: taken as (sent: Sent) => Response | Promise<Response>,
  };
  beforeEach(() => {
    world.sent = [];
    world.waits = [];
    world.answer = taken;
    world.mixpanel = createMockMixpanel({
      clock: createClock({ start: Date.parse('2026-01-31T12:00:00Z'), frozen: true }),
      fetch: async (url, init) => {
        const request = {
          url: String(url),
          authorization: new Headers(init?.headers).get('authorization') ?? undefined,
          body: JSON.parse(String(init?.body)),
        };
        world.sent.push(request);
        return world.answer(request);
      },
      delay: async milliseconds => {
        world.waits.push(milliseconds);
      },
    });
    return () => world.mixpanel.close();
  });

  async function control(method: string, path: string, body?: unknown) {
    const [pathname = '', search] = path.split('?');
    const result = await world.mixpanel.simulator.dispatch({
      method,
      path: `/_sim/${pathname}`,
      query: new URLSearchParams(search),
      headers: {},
      readBody: async () => new TextEncoder().encode(JSON.stringify(body)),
    });
    if (result.kind !== 'respond') throw new Error(`no answer: ${result.kind}`);
    return result as { status: number; body: Record<string, unknown> };
  }

  const putCohort = (members: unknown[], name = 'VIPs') =>
    control('PUT', 'cohorts/12345', { name, description: 'Spenders', members });
  const changeMembers = (add: unknown[], remove: string[] = []) =>
    control('POST', 'cohorts/12345/members', { add, remove });
  /** Creates a sync and waits for its first run. */
  async function sync(destination: unknown, more: Record<string, unknown> = {}): Promise<string> {
    const { body, status } = await control('POST', 'syncs', { cohort: 12345, destination, ...more });
    expect(status).toBe(201);
    await world.mixpanel.clock.advance(0);
    return String(body.id);
  }
  const shown = async (id: string) =>
    (await control('GET', `syncs/${id}`)).body as {
      state: string;
      history: Record<string, unknown>[];
    } & Record<string, unknown>;
  const lastRun = async (id: string) => (await shown(id)).history[0];
  const memberIds = (action: string) =>
    world.sent
      .filter(({ body }) => body.action === action)
      .flatMap(({ body }) => body.parameters.members.map(member => member.mixpanel_distinct_id));

  return { world, control, putCohort, changeMembers, sync, shown, lastRun, memberIds };
}
