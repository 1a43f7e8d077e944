import { seededRandom } from '@braze-mixpanel/core/currents';
import { adminToken, ask, type Counts, countsOf, untilCounts } from '../service/counts.ts';
import { ServiceProcess } from '../service/service-process.ts';
import { batches } from './batches.ts';
import { Braze } from './braze.ts';
import { type FaultyMixpanel, faultyMixpanel } from './mixpanel.ts';
import { Moments } from './moments.ts';
import { type End, problemsOfCounts, problemsOfEnd } from './verdict.ts';

const token = 'proof-currents-token';
const usualLanes = 4;
const mostEvents = 60;
const drainMs = 120_000;

/** The figures of a successful run. */
export interface Delivered {
  readonly seed: number;
  /** Unique batches. */
  readonly batches: number;
  /** Batches sent, repetitions included. */
  readonly requests: number;
  /** Unique events. */
  readonly events: number;
  /** Events stored by the service, repetitions included. */
  readonly accepted: number;
  readonly imported: number;
  /** Rows that Mixpanel stored, repetitions included. */
  readonly stored: number;
  /** Unique events among them. */
  readonly unique: number;
  readonly replayed: number;
  /**
   * Number of batches that were quarantined because a random kill hit them twice during their own trial; they
   * were released.
   */
  readonly released: number;
  /** Number of faults of Mixpanel by kind. */
  readonly troubles: Readonly<Record<string, number>>;
}

export interface WorldOptions {
  /** Additional settings of the service. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Limit of the service's heap. */
  readonly heapMB?: number;
  /** Module that each thread of the service loads before its own. */
  readonly preload?: URL;
  /** Number of Braze's connections. */
  readonly lanes?: number;
}

/**
 * The test environment of a proof: Braze with its load, the service in a separate process, a faulty Mixpanel,
 * and the records of all of them.
 */
export class World implements AsyncDisposable {
  readonly moments: Moments;
  readonly problems: string[] = [];
  readonly #seed: number;
  readonly #environment: Record<string, string>;
  readonly #heapMB: number | undefined;
  readonly #preload: URL | undefined;
  readonly #mixpanel: FaultyMixpanel;
  readonly #braze: Braze;
  #service: ServiceProcess | undefined;
  #url: string | undefined;
  #before: Counts | undefined;

  private constructor(
    seed: number,
    storageUrl: string,
    mixpanel: FaultyMixpanel,
    moments: Moments,
    { environment, heapMB, preload, lanes = usualLanes }: WorldOptions,
  ) {
    this.moments = moments;
    this.#seed = seed;
    this.#environment = { ...environmentOf(storageUrl, mixpanel.url), ...environment };
    this.#heapMB = heapMB;
    this.#preload = preload;
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
      await faultyMixpanel(seed, seededRandom(seed + 1), moments),
      moments,
      options,
    );
  }

  get acknowledged(): number {
    return this.#braze.acknowledged;
  }

  /** Starts the service; Braze sends to it once it listens. */
  launch(): ServiceProcess {
    const service = new ServiceProcess(this.#environment, this.#heapMB, this.#preload);
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

  /** Reads the counts, and records violated conditions. */
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
   * Ends all faults, waits until everything is acknowledged and delivered, and replays randomly rejected
   * events.
   *
   * @throws Error with every violated condition and the seed
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
