import { FakeMixpanel } from '../../../src/testing/fake-mixpanel.ts';
import { ManualClock } from '../../../src/testing/manual-clock.ts';
import { type Expectation, Scrapes } from '../../../src/testing/prometheus.ts';
import { RunningService } from '../../../src/testing/running-service.ts';
import { alertsFile } from './alerts-file.ts';

/** Time between two scrapes. */
export const stepMs = 15 * 60_000;
/** The number of scrapes in some hours. */
export const hours = (count: number) => (count * 3_600_000) / stepMs;

/** Alerts of the service's own evaluation: those that fire, and those that it cannot know. */
export interface Evaluation {
  readonly firing: readonly string[];
  readonly notKnown: readonly string[];
}

export async function evaluationOf(service: RunningService): Promise<Evaluation> {
  const answer = await service.get('/api/alerts');
  const { alerts } = (await answer.json()) as { alerts: { alert: string; state: string }[] };
  const named = (wanted: string) => alerts.filter(({ state }) => state === wanted).map(({ alert }) => alert);
  return { firing: named('firing'), notKnown: named('not_known') };
}

/** A service on a clock, scraped every quarter of an hour, with the alerts that must fire at each scrape. */
export class AlertRun implements AsyncDisposable {
  readonly service: RunningService;
  readonly #mixpanel: FakeMixpanel;
  readonly #clock: ManualClock;
  readonly #scrapes: Scrapes;
  readonly #expectations: Expectation[] = [];

  private constructor(service: RunningService, mixpanel: FakeMixpanel, clock: ManualClock) {
    this.service = service;
    this.#mixpanel = mixpanel;
    this.#clock = clock;
    this.#scrapes = new Scrapes(clock.now(), stepMs);
  }

  /** @param start ISO 8601 */
  static async begin(start: string, environment: Record<string, string> = {}): Promise<AlertRun> {
    const clock = new ManualClock(Date.parse(start));
    const mixpanel = await FakeMixpanel.start();
    const service = await RunningService.start({ MIXPANEL_API_URL: mixpanel.url, ...environment }, { clock });
    return new AlertRun(service, mixpanel, clock);
  }

  /** Goes on for some scrapes, with `before` ahead of each. */
  async goOn(
    steps: number,
    expectation: Omit<Expectation, 'at'>,
    before: () => Promise<unknown> = async () => undefined,
  ): Promise<void> {
    for (let step = 0; step < steps; step += 1) {
      await before();
      this.#scrapes.add(await (await this.service.get('/metrics')).text());
      this.#expectations.push({ at: this.#scrapes.count - 1, ...expectation });
      await this.#clock.advance(stepMs);
    }
  }

  /** @throws Error with the differences that promtool found */
  check(): Promise<void> {
    return this.#scrapes.check(alertsFile, this.#expectations);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.service[Symbol.asyncDispose]();
    await this.#mixpanel[Symbol.asyncDispose]();
  }
}
