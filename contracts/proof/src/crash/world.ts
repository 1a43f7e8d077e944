import { seededRandom } from '@braze-mixpanel/core/currents';
import { adminToken, ask, type Counts, countsOf, untilCounts } from '../service/counts.ts';
import { ServiceProcess } from '../service/service-process.ts';
import { batches } from './batches.ts';
import { Braze } from './braze.ts';
import { type TroubledMixpanel, troubledMixpanel } from './mixpanel.ts';
import { Moments } from './moments.ts';
import { type End, problemsOfCounts, problemsOfEnd } from './verdict.ts';

const token = 'proof-currents-token';
const usualLanes = 4;
const mostEvents = 60;
const drainMs = 120_000;

/** What a run that ended well did, in numbers. */
export interface Delivered {
  readonly seed: number;
  /** Different ones. */
  readonly batches: number;
  /** Batches sent, each time they were. */
  readonly requests: number;
  /** Different ones. */
  readonly events: number;
  /** Events the service made durable, repetitions included. */
  readonly accepted: number;
  readonly imported: number;
  /** Rows that Mixpanel stored, repetitions included. */
  readonly stored: number;
  /** Different ones of these. */
  readonly unique: number;
  readonly replayed: number;
  /** Batches that were in their own trial at two kills, by chance; they were released. */
  readonly released: number;
  /** How often each kind of trouble with Mixpanel struck. */
  readonly troubles: Readonly<Record<string, number>>;
}

export interface WorldOptions {
  /** Settings of the service beside those of the world. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Bound of the service's heap. */
  readonly heapMB?: number;
  /** Connections of Braze. */
  readonly lanes?: number;
}

/** Braze under load, the service as a process of its own, and a Mixpanel in trouble; and the books over all of it. */
export class World implements AsyncDisposable {
  readonly moments: Moments;
  readonly problems: string[] = [];
  readonly #seed: number;
  readonly #environment: Record<string, string>;
  readonly #heapMB: number | undefined;
  readonly #mixpanel: TroubledMixpanel;
  readonly #braze: Braze;
  #service: ServiceProcess | undefined;
  #url: string | undefined;
  #before: Counts | undefined;

  private constructor(
    seed: number,
    storageUrl: string,
    mixpanel: TroubledMixpanel,
    moments: Moments,
    { environment, heapMB, lanes = usualLanes }: WorldOptions,
  ) {
    this.moments = moments;
    this.#seed = seed;
    this.#environment = { ...environmentOf(storageUrl, mixpanel.url), ...environment };
    this.#heapMB = heapMB;
    this.#mixpanel = mixpanel;
    this.#braze = new Braze({
      ...{ lanes, token, moments },
      random: seededRandom(seed + 2),
      next: batches(seededRandom(seed + 3), mostEvents),
      address: () => this.#url,
    });
  }

  static async start(seed: number, storageUrl: string, options: WorldOptions = {}): Promise<World> {
    const moments = new Moments();
    return new World(
      seed,
      storageUrl,
      await troubledMixpanel(seed, seededRandom(seed + 1), moments),
      moments,
      options,
    );
  }

  get acknowledged(): number {
    return this.#braze.acknowledged;
  }

  /** Starts the service; Braze's batches reach it once it listens. */
  launch(): ServiceProcess {
    const service = new ServiceProcess(this.#environment, this.#heapMB);
    this.#service = service;
    service.url.then(
      url => {
        if (this.#service === service && service.alive) this.#url = url;
      },
      () => undefined,
    );
    return service;
  }

  async kill(): Promise<void> {
    const killed = this.#service?.kill();
    this.#url = undefined;
    await killed;
  }

  /** Reads the counts, and notes what is wrong with them. */
  async look(when: string): Promise<Counts> {
    const { acknowledged } = this;
    const counts = await countsOf((await this.#service?.url) ?? '');
    const { attempted } = this.#braze;
    const found = problemsOfCounts(counts, this.#before, { acknowledged, attempted });
    for (const problem of found) this.problems.push(`${when}: ${problem}`);
    this.#before = counts;
    return counts;
  }

  /**
   * Ends all trouble, lets everything be acknowledged and delivered, and replays what Mixpanel refused at random.
   *
   * @throws Error with every sentence of what does not hold, and the seed
   */
  async settle(): Promise<Delivered> {
    const { problems } = this;
    const mixpanel = this.#mixpanel;
    const braze = this.#braze;
    const troubles = mixpanel.recover();
    const url = (await this.#service?.url) ?? '';
    await braze.drain();
    const idle = ({ pending, quarantined }: Counts) => pending.events === quarantined.events;
    await untilCounts(url, idle, drainMs);
    const { released } = await ask<{ released: number }>(url, 'POST', '/api/batches/release', {});
    const { replayed } = await ask<{ replayed: number }>(url, 'POST', '/api/dead-letters/replay', {
      connection: 'default',
      reason: 'refused_by_mixpanel',
    });
    const counts = await untilCounts(url, ({ pending }) => pending.events === 0, drainMs);
    const end: End = { counts, braze, ids: await mixpanel.ids(), inMixpanel: mixpanel.events };
    for (const problem of problemsOfEnd(end)) problems.push(problem);
    if (problems.length > 0) throw new Error([`With seed ${this.#seed}:`, ...problems].join('\n- '));
    return {
      ...{ seed: this.#seed, troubles, replayed, released },
      batches: braze.batches.length,
      requests: braze.requests,
      events: braze.batches.reduce((sum, { events }) => sum + events.length, 0),
      accepted: counts.accepted,
      imported: counts.imported,
      stored: mixpanel.events.raw,
      unique: mixpanel.events.unique,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#braze.stop();
    await this.#service?.[Symbol.asyncDispose]();
    await this.#mixpanel[Symbol.asyncDispose]();
  }
}

function environmentOf(storageUrl: string, mixpanel: string): Record<string, string> {
  return {
    STORAGE_URL: storageUrl,
    ADMIN_TOKEN: adminToken,
    CURRENTS_TOKEN: token,
    MIXPANEL_API_URL: mixpanel,
    MIXPANEL_TOKEN: 'mixpanel-token',
    DELIVERY_CONCURRENCY: '4',
    DELIVERY_TIMEOUT: '1s',
    DELIVERY_LEASE: '5s',
    DELIVERY_RETRY_BASE: '5ms',
    DELIVERY_RETRY_MAX: '40ms',
    DELIVERY_PARK: '40ms',
  };
}
