import { cohortUsersRequestSchema } from '@braze-mixpanel/core/braze';
import type { CohortStore } from '@braze-mixpanel/storage';
import { openStorage } from '@braze-mixpanel/storage';
import fc from 'fast-check';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { Activity } from '../../src/clock/index.ts';
import { CohortService } from '../../src/cohorts/cohort-service.ts';
import { Secret } from '../../src/secrets/secret.ts';
import { FakeQueryApi } from '../../src/testing/fake-query-api.ts';
import { ManualClock } from '../../src/testing/manual-clock.ts';
import { AnalyticsBudget } from '../../src/vendor-http/braze-analytics.ts';

/** The outcome of one request to Braze, and of one query. */
type Fate = 'taken' | 'answer lost' | 'not reached' | 'failing';
type QueryFate = 'answered' | 'failing' | 'not reached' | 'throttled' | 'cut short';
type Step =
  | { do: 'change'; members: string[] }
  | { do: 'trouble'; fates: Fate[]; queries: QueryFate[] }
  | { do: 'wait'; minutes: number }
  | { do: 'crash' };

const HOUR = 3_600_000;
const someone = fc.integer({ min: 0, max: 9 }).map(n => `user-${n}`);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('change' as const), members: fc.uniqueArray(someone, { minLength: 1 }) }),
  fc.record({
    do: fc.constant('trouble' as const),
    fates: fc.array(fc.constantFrom<Fate>('taken', 'answer lost', 'not reached', 'failing'), {
      maxLength: 4,
    }),
    queries: fc.array(
      fc.constantFrom<QueryFate>('answered', 'failing', 'not reached', 'throttled', 'cut short'),
      { maxLength: 4 },
    ),
  }),
  fc.record({ do: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 200 }) }),
  fc.record({ do: fc.constant('crash' as const) }),
);

/** A changing cohort of Mixpanel, a Braze that is a set, and a service that may crash at any time. */
class World {
  readonly braze = new Set<string>();
  readonly api = new FakeQueryApi();
  readonly clock = new ManualClock();
  fates: Fate[] = [];
  queries: QueryFate[] = [];
  readonly #store: CohortStore;
  #alive = { is: true };
  #service: CohortService;
  #activity = new Activity();

  constructor(store: CohortStore) {
    this.#store = store;
    this.api.pageSize = 3;
    this.api.put('1', ['user-0']);
    this.api.spoil({ meddle: () => this.#spoilt() });
    this.#service = this.#make();
  }

  async start(): Promise<void> {
    await this.#service.start();
  }

  async crash(): Promise<void> {
    this.#alive.is = false;
    await this.#service.close();
    this.#activity = new Activity();
    this.#service = this.#make();
    await this.start();
  }

  rest(): Promise<void> {
    return this.#activity.rest();
  }

  close(): Promise<void> {
    return this.#service.close();
  }

  #spoilt(): Response | 'network failure' | undefined {
    const fate = this.queries.shift() ?? 'answered';
    if (fate === 'failing') return Response.json({ error: 'down' }, { status: 502 });
    if (fate === 'throttled') return Response.json({ error: 'rate limit' }, { status: 429 });
    if (fate === 'not reached') return 'network failure';
    // A complete page without its members.
    return fate === 'cut short'
      ? Response.json({ page: 0, page_size: 3, results: [], session_id: 's', status: 'ok', total: 7 })
      : undefined;
  }

  readonly #fetch: typeof fetch = async (input, init) => {
    if (String(input).startsWith(FakeQueryApi.origin)) return this.api.fetch(input, init);
    const fate = this.fates.shift() ?? 'taken';
    if (fate === 'not reached') throw new TypeError('fetch failed');
    if (fate === 'failing') return Response.json({ message: 'down' }, { status: 500 });
    if (String(input).endsWith('/users')) {
      const { cohort_changes } = cohortUsersRequestSchema.parse(JSON.parse(String(init?.body)));
      for (const { user_ids = [], should_remove } of cohort_changes)
        for (const id of user_ids) should_remove ? this.braze.delete(id) : this.braze.add(id);
    }
    if (fate === 'answer lost') throw new TypeError('terminated');
    return Response.json({ message: 'success' }, { status: 201 });
  };

  /** One process; after its crash its calls have no effect on storage. */
  #make(): CohortService {
    const alive = { is: true };
    this.#alive = alive;
    const store = new Proxy(this.#store, {
      get: (target, name: keyof CohortStore) =>
        alive.is ? target[name].bind(target) : () => Promise.reject(new Error('killed')),
    });
    const { clock } = this;
    return new CohortService({
      ...{ store, clock, fetchOf: () => this.#fetch, random: () => 0, timeoutMs: 1_000 },
      activity: this.#activity,
      policy: { retryBaseMs: 0, retryMaxMs: 0 },
      budget: new AnalyticsBudget(),
      logger: pino({ level: 'silent' }),
      connections: [
        {
          name: 'default',
          mixpanel: {
            queryUrl: FakeQueryApi.origin,
            projectId: '777',
            queryCredentials: { kind: 'API secret', username: 'secret', password: undefined },
          },
          webhook: undefined,
          braze: {
            restUrl: 'http://braze.test',
            dataImportKey: new Secret('data-import-key'),
            partnerApiKey: new Secret('partner-key'),
            restApiKey: undefined,
          },
          match: { by: 'default' },
          syncIntervalMs: 2 * HOUR,
          safetyStop: { over: 1_000 },
          resendIntervalMs: 6 * HOUR,
          queriesPerHour: 0,
          pushedAtMost: 100,
          ...{ analyticsKey: undefined, segments: {} },
          entries: [{ id: '1', mode: 'dynamic', intervalMs: undefined }],
        },
      ],
    });
  }
}

it('Braze has the members of a cohort that is read, after any changes, failures of both vendors, and crashes', async () => {
  const storage = await openStorage('sqlite::memory:');
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async steps => {
        const documents = await storage.cohorts.documents();
        const forgotten = documents.map(({ key }) => ({ key, text: null }));
        await storage.cohorts.commit({ documents: forgotten, forget: 'default:1' });
        const world = new World(storage.cohorts);
        let members = ['user-0'];
        await world.start();
        for (const each of steps) {
          if (each.do === 'wait') await world.clock.advance(each.minutes * 60_000);
          else if (each.do === 'crash') await world.crash();
          else if (each.do === 'trouble') Object.assign(world, { fates: each.fates, queries: each.queries });
          else {
            members = each.members;
            world.api.put('1', members);
          }
        }
        Object.assign(world, { fates: [], queries: [] });
        await world.rest();
        await world.clock.advance(13 * HOUR);
        await world.rest();
        expect([...world.braze].sort()).toEqual([...members].sort());
        await world.close();
      }),
      { numRuns: 60 },
    );
  } finally {
    await storage.close();
  }
}, 60_000);
