import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openStorage, StorageError } from '@braze-mixpanel/storage';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CohortWorld } from '../../src/testing/cohort-world.ts';
import { emailSend, emails } from '../../src/testing/events.ts';
import { accepts, answers, FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { FakeQueryApi } from '../../src/testing/fake-query-api.ts';
import { ManualClock } from '../../src/testing/manual-clock.ts';
import { describeWithPromtool, type Expectation, Scrapes } from '../../src/testing/prometheus.ts';
import { RunningService } from '../../src/testing/running-service.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const file = `${root}deploy/alerts.yaml`;

interface Rule {
  readonly alert?: string;
  readonly annotations?: { readonly runbook?: string; readonly runbook_url?: string };
}
const { groups } = parse(readFileSync(file, 'utf8')) as { groups: { rules: Rule[] }[] };
const alerts = groups.flatMap(({ rules }) => rules).filter(({ alert }) => alert !== undefined);

const stepMs = 15 * 60_000;
const hours = (count: number) => (count * 3_600_000) / stepMs;

/** The conditions of a quarter of an hour of the scenario; incidents change them. */
class Conditions {
  readonly mixpanel: FakeMixpanel;
  readonly queries: FakeQueryApi;
  batches = true;
  deadly = false;
  pushes = true;
  /** A sync of a cohort that Mixpanel does not have. */
  unknownCohort = false;
  storageFull = false;
  quarantined = 0;
  diskFree = 100e9;
  diskLoss = 0;

  constructor(mixpanel: FakeMixpanel, queries: FakeQueryApi) {
    this.mixpanel = mixpanel;
    this.queries = queries;
  }
}

interface Incident {
  readonly alert: string;
  readonly what: string;
  readonly lasts: number;
  /** Another alert of the incident, which may fire with it. */
  readonly with?: string;
  readonly begins: (conditions: Conditions) => void;
  readonly ends: (conditions: Conditions) => void;
}

const incidents: Incident[] = [
  {
    alert: 'BrazeMixpanelSilent',
    what: 'no batch comes',
    lasts: hours(2),
    begins: conditions => {
      conditions.batches = false;
    },
    ends: conditions => {
      conditions.batches = true;
    },
  },
  {
    alert: 'BrazeMixpanelBacklogOld',
    what: 'Mixpanel is down',
    lasts: hours(7),
    begins: ({ mixpanel }) => {
      mixpanel.behaviour = answers(503);
    },
    ends: ({ mixpanel }) => {
      mixpanel.behaviour = accepts;
    },
  },
  {
    alert: 'BrazeMixpanelRefusing',
    what: 'batches cannot be stored',
    lasts: hours(1),
    begins: conditions => {
      conditions.storageFull = true;
    },
    ends: conditions => {
      conditions.storageFull = false;
    },
  },
  {
    alert: 'BrazeMixpanelDiskFills',
    what: 'the disk loses 2.5 GB a quarter of an hour',
    lasts: hours(3),
    begins: conditions => {
      conditions.diskLoss = 2.5e9;
    },
    ends: conditions => {
      conditions.diskLoss = 0;
      conditions.diskFree = 100e9;
    },
  },
  {
    alert: 'BrazeMixpanelDeadLettersGrow',
    what: 'Braze sends an event type that is not known',
    with: 'BrazeMixpanelFirstSeen',
    lasts: hours(1),
    begins: conditions => {
      conditions.deadly = true;
    },
    ends: conditions => {
      conditions.deadly = false;
    },
  },
  {
    alert: 'BrazeMixpanelCohortLate',
    what: 'a cohort cannot be read',
    lasts: hours(6),
    begins: ({ queries }) => queries.spoil({ meddle: () => new Response('', { status: 500 }) }),
    ends: ({ queries }) => queries.spoil({ meddle: () => undefined }),
  },
  {
    alert: 'BrazeMixpanelCohortLate',
    what: 'Mixpanel pushes a cohort no longer',
    lasts: hours(6),
    begins: conditions => {
      conditions.pushes = false;
    },
    ends: conditions => {
      conditions.pushes = true;
    },
  },
  {
    alert: 'BrazeMixpanelCohortLate',
    what: 'a new sync never succeeds',
    lasts: hours(6),
    begins: conditions => {
      conditions.unknownCohort = true;
    },
    ends: conditions => {
      conditions.unknownCohort = false;
    },
  },
  {
    alert: 'BrazeMixpanelQuarantined',
    what: 'a batch is quarantined',
    lasts: hours(1),
    begins: conditions => {
      conditions.quarantined = 1;
    },
    ends: conditions => {
      conditions.quarantined = 0;
    },
  },
  {
    alert: 'BrazeMixpanelCredentialsRefused',
    what: 'Mixpanel refuses the credentials',
    lasts: hours(1),
    begins: ({ mixpanel }) => {
      mixpanel.behaviour = answers(401);
    },
    ends: ({ mixpanel }) => {
      mixpanel.behaviour = accepts;
    },
  },
];

describe('the alerts', () => {
  it('are each fired by an incident of the scenario below', () => {
    const fired = [...incidents.map(({ alert }) => alert), 'BrazeMixpanelDeadline', 'BrazeMixpanelFirstSeen'];
    expect(new Set(fired)).toEqual(new Set(alerts.map(({ alert }) => alert)));
  });

  it.each(alerts)('$alert has a runbook page that exists', ({ annotations }) => {
    expect(annotations?.runbook).toMatch(/^docs\/operate\/[\w-]+\.md$/);
    expect(existsSync(root + annotations?.runbook)).toBe(true);
    expect(annotations?.runbook_url).toBe(
      `https://github.com/your-org/your-fork/blob/main/${annotations?.runbook}`,
    );
  });
});

/**
 * A service on a clock that the test advances, with a cohort that is read and one that is pushed, scraped
 * every quarter of an hour.
 */
class Scenario implements AsyncDisposable {
  readonly conditions: Conditions;
  readonly scrapes: Scrapes;
  readonly #world: CohortWorld;
  #hasUnknownCohort = false;

  private constructor(world: CohortWorld, conditions: Conditions) {
    this.#world = world;
    this.conditions = conditions;
    this.scrapes = new Scrapes(world.clock.now(), stepMs);
  }

  static async begin(): Promise<Scenario> {
    const conditions = new Conditions(await FakeMixpanel.start(), new FakeQueryApi());
    conditions.queries.put('7', ['ada', 'bob']);
    const world = await CohortWorld.start(
      {
        ...FakeQueryApi.environment,
        MIXPANEL_API_URL: conditions.mixpanel.url,
        COHORTS: '7:dynamic',
        MIXPANEL_QUERIES_PER_HOUR: '0',
      },
      {
        fetch: conditions.queries.fetch,
        storageSpace: async () => ({ kind: 'sqlite', usedBytes: 1e6, freeBytes: conditions.diskFree }),
        openStorage: async url => {
          const storage = await openStorage(url);
          const append: typeof storage.journal.append = async batch => {
            if (conditions.storageFull) throw new StorageError('full', 'No room.');
            return storage.journal.append(batch);
          };
          const counts: typeof storage.journal.counts = async () =>
            Object.fromEntries(
              Object.entries(await storage.journal.counts()).map(([name, each]) => [
                name,
                { ...each, quarantinedBatches: conditions.quarantined },
              ]),
            );
          return {
            ...storage,
            probe: () => storage.probe(),
            sweep: retention => storage.sweep(retention),
            close: () => storage.close(),
            journal: { ...storage.journal, append, counts },
          };
        },
      },
    );
    await world.push(['ada', 'bob'], { session: 's0' });
    return new Scenario(world, conditions);
  }

  async quarterOfAnHour(): Promise<void> {
    const { clock, service } = this.#world;
    const { conditions } = this;
    await clock.advance(stepMs);
    if (conditions.unknownCohort !== this.#hasUnknownCohort) {
      if (conditions.unknownCohort) await this.#world.api('POST', '', { cohort: '8', mode: 'dynamic' });
      else await this.#world.api('DELETE', '/8');
      this.#hasUnknownCohort = conditions.unknownCohort;
    }
    if (conditions.batches) await service.post({ events: this.#events() });
    if (conditions.pushes && this.scrapes.count % hours(2) === 0)
      await this.#world.push([], { action: 'add_members', session: `s${this.scrapes.count}` });
    conditions.diskFree -= conditions.diskLoss;
    await service.until(
      ({ pending, delivery, cohorts }) =>
        cohorts.every(({ running }) => !running) &&
        (pending.events === 0 || delivery?.state === 'retrying' || delivery?.state === 'parked'),
    );
    this.scrapes.add(await (await service.get('/metrics')).text());
  }

  #events(): unknown[] {
    return this.conditions.deadly
      ? [...emails(1), emailSend({ event_type: 'users.of.tomorrow' })]
      : emails(2);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#world[Symbol.asyncDispose]();
    await this.conditions.mixpanel[Symbol.asyncDispose]();
  }
}

describeWithPromtool('Prometheus, with two quiet days and ten incidents', () => {
  it('each incident fires its alert and no other, and there is none in between', async () => {
    await using scenario = await Scenario.begin();
    const expectations: Expectation[] = [];
    const goOn = async (steps: number, expectation: Omit<Expectation, 'at'>) => {
      for (let step = 0; step < steps; step += 1) {
        await scenario.quarterOfAnHour();
        expectations.push({ at: scenario.scrapes.count - 1, ...expectation });
      }
    };
    await goOn(hours(26), { firing: [] });
    for (const { alert, lasts, begins, ends, with: other } of incidents) {
      const others = other === undefined ? [] : [other];
      begins(scenario.conditions);
      await goOn(lasts - 1, { firing: [], tolerated: [alert, ...others] });
      await goOn(1, { firing: [alert], tolerated: others });
      ends(scenario.conditions);
      await goOn(hours(2.5), { firing: [], tolerated: [alert, ...others] });
      await goOn(hours(0.5), { firing: [] });
    }
    await scenario.scrapes.check(file, expectations);
  }, 120_000);
});

describeWithPromtool('Prometheus, with an API secret that Mixpanel retires in March 2027', () => {
  it('the alert of a deadline fires in the last 30 days, and ends with the change to a service account', async () => {
    const clock = new ManualClock(Date.parse('2027-01-31T22:00:00Z'));
    await using mixpanel = await FakeMixpanel.start();
    await using service = await RunningService.start(
      { MIXPANEL_API_URL: mixpanel.url, MIXPANEL_TOKEN: '', MIXPANEL_API_SECRET: 'fake-secret' },
      { clock },
    );
    const scrapes = new Scrapes(clock.now(), stepMs);
    const expectations: Expectation[] = [];
    const goOn = async (steps: number, firing: string[]) => {
      for (let step = 0; step < steps; step += 1) {
        scrapes.add(await (await service.get('/metrics')).text());
        expectations.push({ at: scrapes.count - 1, firing });
        await clock.advance(stepMs);
      }
    };
    // The last 30 days begin at the start of 1 February.
    await goOn(hours(2) + 1, []);
    await goOn(hours(2), ['BrazeMixpanelDeadline']);
    const changed = {
      MIXPANEL_API_SECRET: '',
      MIXPANEL_SERVICE_ACCOUNT: 'fake-account',
      MIXPANEL_SERVICE_SECRET: 'fake-service-secret',
      MIXPANEL_PROJECT_ID: '12345',
    };
    expect(await service.reload(changed)).toBe(true);
    await goOn(hours(1), []);
    await scrapes.check(file, expectations);
  }, 60_000);
});

describeWithPromtool('Prometheus, with a property that Braze adds', () => {
  it('the alert of new names fires for an hour, and not again while the property goes on', async () => {
    const clock = new ManualClock(Date.parse('2026-09-01T10:00:00Z'));
    await using mixpanel = await FakeMixpanel.start();
    await using service = await RunningService.start({ MIXPANEL_API_URL: mixpanel.url }, { clock });
    const scrapes = new Scrapes(clock.now(), stepMs);
    const expectations: Expectation[] = [];
    const goOn = async (steps: number, firing: string[], properties: object) => {
      for (let step = 0; step < steps; step += 1) {
        await service.post({ events: [emailSend({ properties })] });
        await service.settled();
        scrapes.add(await (await service.get('/metrics')).text());
        expectations.push({ at: scrapes.count - 1, firing });
        await clock.advance(stepMs);
      }
    };
    await goOn(hours(1), [], {});
    await goOn(hours(1), ['BrazeMixpanelFirstSeen'], { mood: 'good' });
    await goOn(hours(1), [], { mood: 'good' });
    await scrapes.check(file, expectations);
  }, 60_000);
});
