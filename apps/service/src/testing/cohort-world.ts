import { type RunningMockBraze, startMockBraze } from '@braze-mixpanel/mock-braze';
import type { Storage } from '@braze-mixpanel/storage';
import { openStorage } from '@braze-mixpanel/storage';
import { vi } from 'vitest';
import type { SyncJson } from '../cohorts/syncs/sync-json.ts';
import type { ServiceDependencies } from '../service/dependencies.ts';
import { ManualClock } from './manual-clock.ts';
import { asOperator, RunningService } from './running-service.ts';

const webhookUser = 'mixpanel-user';
const webhookPassword = 'mixpanel-password';

export interface PageChanges {
  action?: unknown;
  cohort?: string;
  name?: string;
  session?: string;
  page?: number;
  total?: number;
  project?: string;
}

/** A simulated Braze and a service that syncs cohorts, on a clock that tests advance. */
export class CohortWorld implements AsyncDisposable {
  readonly braze: RunningMockBraze;
  readonly service: RunningService;
  readonly clock: ManualClock;

  /** Storage of the service that was started last. */
  readonly #storage: () => Storage;
  readonly #begin: () => Promise<RunningService>;
  readonly #isGuest: boolean;
  /** Project of the pages that are pushed: the configured one, if any. */
  #project = '1';

  private constructor(
    braze: RunningMockBraze,
    service: RunningService,
    clock: ManualClock,
    begin: () => Promise<RunningService>,
    storage: () => Storage,
    isGuest = false,
  ) {
    this.braze = braze;
    this.service = service;
    this.clock = clock;
    this.#begin = begin;
    this.#storage = storage;
    this.#isGuest = isGuest;
  }

  static async start(
    environment: Record<string, string> = {},
    dependencies: Partial<ServiceDependencies> = {},
    users: readonly string[] = [],
  ): Promise<CohortWorld> {
    const clock = new ManualClock();
    const braze = await startMockBraze();
    await makeUsers(braze, users);
    const { url } = braze;
    let storage: Storage | undefined;
    const open = dependencies.openStorage ?? openStorage;
    const begin = () =>
      RunningService.start(
        { ...cohortEnvironment(url), ...environment },
        { clock, ...dependencies, openStorage: async url => (storage = await open(url)) },
      );
    const service = await begin().catch(async (error: unknown) => {
      await braze.close();
      throw error;
    });
    const world = new CohortWorld(braze, service, clock, begin, () => storage!);
    world.#project = environment.MIXPANEL_PROJECT_ID ?? world.#project;
    return world;
  }

  /** Storage of the service that was started last, as it uses it. */
  get storage(): Storage {
    return this.#storage();
  }

  /**
   * A second service with the same Braze, on a storage that both can share. Dispose of it before the first.
   */
  async replica(): Promise<CohortWorld> {
    const service = await this.#begin();
    const world = new CohortWorld(this.braze, service, this.clock, this.#begin, this.#storage, true);
    world.#project = this.#project;
    return world;
  }

  /** Creates users in Braze with these external IDs. */
  users(ids: readonly string[]): Promise<void> {
    return makeUsers(this.braze, ids);
  }

  /** Pushes one page as Mixpanel does; members are distinct IDs, or whole members. */
  push(members: readonly unknown[], changes: PageChanges = {}) {
    const { action = 'members', cohort = '12345', name = 'Power users', session = 's1' } = changes;
    const { page = 1, total = 1, project = this.#project } = changes;
    return this.webhook({
      action,
      parameters: {
        mixpanel_project_id: project,
        mixpanel_cohort_name: name,
        mixpanel_cohort_id: cohort,
        mixpanel_cohort_description: '',
        mixpanel_session_id: session,
        page_info: { total_pages: total, page_count: page },
        members: members.map(member =>
          typeof member === 'string' ? { email: 'a@example.com', mixpanel_distinct_id: member } : member,
        ),
      },
    });
  }

  webhook(body: unknown, { user = webhookUser, password = webhookPassword, connection = 'default' } = {}) {
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    return post(`${this.service.service.url}/webhooks/mixpanel/${connection}`, body, { authorization });
  }

  /** Waits until no sync runs. */
  async rest(): Promise<SyncJson[]> {
    return vi.waitFor(
      async () => {
        const { body } = await this.api('GET', '');
        const cohorts = body.cohorts as SyncJson[];
        if (cohorts.some(({ running }) => running)) throw new Error('a sync is still running');
        return cohorts;
      },
      { timeout: 15_000, interval: 5 },
    );
  }

  async sync(cohort = '12345'): Promise<SyncJson> {
    const found = (await this.rest()).find(each => each.cohort === cohort);
    if (!found) throw new Error(`There is no sync of cohort ${cohort}`);
    return found;
  }

  /** External IDs of the cohort's members in Braze, sorted; `undefined` where Braze has no such cohort. */
  async members(cohort = '12345'): Promise<string[] | undefined> {
    const list = (await (await fetch(`${this.braze.url}/_sim/cohorts`)).json()) as {
      cohort_id: string;
      name: string;
      members: string[];
    }[];
    return list.find(each => each.cohort_id === cohort)?.members.sort();
  }

  async nameInBraze(cohort = '12345'): Promise<string | undefined> {
    const list = (await (await fetch(`${this.braze.url}/_sim/cohorts`)).json()) as {
      cohort_id: string;
      name: string;
    }[];
    return list.find(each => each.cohort_id === cohort)?.name;
  }

  async api(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const answer = await fetch(`${this.service.service.url}/api/cohorts${path}`, {
      method,
      headers: asOperator,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
  }

  /** Requests to Braze on a route, oldest first. */
  requests(route: string) {
    return this.braze.simulator.journal.list({ route, limit: 1_000 }).toReversed();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.service[Symbol.asyncDispose]();
    if (!this.#isGuest) await this.braze.close();
  }
}

/** Environment of a service with this Braze: the webhook's user, and the keys of both sinks. */
export function cohortEnvironment(braze: string): Record<string, string> {
  return {
    MIXPANEL_WEBHOOK_USERNAME: webhookUser,
    MIXPANEL_WEBHOOK_PASSWORD: webhookPassword,
    BRAZE_REST_URL: braze,
    BRAZE_DATA_IMPORT_KEY: 'braze-data-import-key',
    BRAZE_PARTNER_API_KEY: 'braze-partner-key',
    BRAZE_REST_API_KEY: 'braze-rest-key',
  };
}

async function makeUsers(braze: RunningMockBraze, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const users = ids.map(external_id => ({ external_id }));
  const made = await post(`${braze.url}/_sim/users`, users);
  if (made.status >= 300) throw new Error(`Users were not made: ${JSON.stringify(made.body)}`);
}

async function post(url: string, body: unknown, headers: Record<string, string> = {}) {
  const raw = body instanceof Uint8Array || typeof body === 'string';
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: raw ? new Blob([body]) : JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}
