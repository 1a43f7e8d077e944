import { openStorage, StorageError } from '@braze-mixpanel/storage';
import { CohortWorld } from '../../../src/testing/cohort-world.ts';
import { emailSend, emails } from '../../../src/testing/events.ts';
import { FakeMixpanel } from '../../../src/testing/fake-mixpanel.ts';
import { FakeQueryApi } from '../../../src/testing/fake-query-api.ts';
import { Scrapes } from '../../../src/testing/prometheus.ts';
import { type Evaluation, evaluationOf, hours, stepMs } from './alert-run.ts';
import { Conditions } from './incidents.ts';

/**
 * A service on a clock that the test advances, with a cohort that is read and one that is pushed, scraped
 * every quarter of an hour.
 */
export class Scenario implements AsyncDisposable {
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

  /** Alerts as the service evaluates them itself. */
  evaluated(): Promise<Evaluation> {
    return evaluationOf(this.#world.service);
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
