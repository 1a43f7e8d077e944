import { catalogue2022_06, sampleEvent, seededRandom } from '@braze-mixpanel/core/currents';
import { call, until } from '@braze-mixpanel/sandbox/control';
import { launchCurrent } from '@braze-mixpanel/sandbox/seed';
import type { ContainerStack } from './stack.ts';

interface ConnectionCounts {
  readonly accepted: number;
  readonly imported: number;
  readonly pending: { readonly events: number };
}

/** The outcome of everything emitted. */
export interface Arrivals {
  /** IDs that Braze emitted and Mixpanel lacks. */
  readonly missing: readonly string[];
  /** IDs that Mixpanel has and Braze did not emit. */
  readonly surplus: readonly string[];
  /** Number of events stored more than once by Mixpanel, which its de-duplication hides. */
  readonly resent: number;
  /**
   * Counts of the service: events accepted from Braze, including re-sent ones, and events imported into
   * Mixpanel.
   */
  readonly accepted: number;
  readonly imported: number;
}

/** A few types only: Braze has a queue per type, and batches should not be tiny. */
const entries = catalogue2022_06.entries.slice(0, 8);

/** The event pipeline from Braze through the service to Mixpanel, with a unique ID per event. */
export class EventPipeline {
  readonly #stack: ContainerStack;
  readonly #random = seededRandom(41);
  readonly #emitted = new Set<string>();

  private constructor(stack: ContainerStack) {
    this.#stack = stack;
  }

  /**
   * Launches the Current. Braze has a short time-out and many requests in flight, so that dead connections
   * don't delay the test.
   */
  static async open(stack: ContainerStack): Promise<EventPipeline> {
    await call('PUT', `${stack.braze}/_sim/settings`, { requestTimeout: '1s', concurrency: 64 });
    await launchCurrent({ ...stack, service: stack.inside.service });
    return new EventPipeline(stack);
  }

  /** Resolves when Braze has tried each event once, with any outcome; failed ones wait in Braze's queues. */
  async emit(count: number): Promise<void> {
    const time = Math.floor(Date.now() / 1000) - 60;
    const events = Array.from({ length: count }, () =>
      sampleEvent(entries[Math.floor(this.#random() * entries.length)]!, {
        random: this.#random,
        time,
        externalUserId: `user-${Math.floor(this.#random() * 100)}`,
      }),
    );
    for (const { id } of events) this.#emitted.add(id);
    await call('POST', `${this.#stack.braze}/_sim/emit`, { events });
  }

  /** Emits continuously until `fault` is over. */
  async emitDuring(fault: () => Promise<unknown>): Promise<void> {
    let over = false;
    const load = async () => {
      while (!over) await this.emit(200);
    };
    await Promise.all([
      load(),
      load(),
      fault().finally(() => {
        over = true;
      }),
    ]);
  }

  /** Resolves when Mixpanel has this many more events than now. */
  async progress(events: number): Promise<void> {
    const { raw } = await this.#count();
    await until(
      `${events} more events in Mixpanel`,
      () => this.#count(),
      now => now.raw >= raw + events,
    );
  }

  counts(): Promise<ConnectionCounts> {
    return call<{ connections: { default: ConnectionCounts } }>('GET', `${this.#stack.service}/status`).then(
      ({ connections }) => connections.default,
    );
  }

  /** Whether the service would acknowledge Braze's next batch. */
  ready(): Promise<boolean> {
    return call('GET', `${this.#stack.service}/readyz`).then(
      () => true,
      () => false,
    );
  }

  /**
   * Advances Braze's clock until its queues are empty, waits until the service has delivered everything, and
   * compares.
   */
  async arrivals(): Promise<Arrivals> {
    const { braze, mixpanel } = this.#stack;
    await until(
      'Braze to have sent everything',
      async () => {
        await call('POST', `${braze}/_sim/clock`, { advance: '20m' });
        return this.#queued();
      },
      queued => queued === 0,
    );
    const { accepted, imported } = await until(
      'the service to deliver everything',
      () => this.counts(),
      ({ pending }) => pending.events === 0,
    );
    const { events, raw, unique } = await call<{
      events: { properties: { $insert_id: string } }[];
      raw: number;
      unique: number;
    }>('GET', `${mixpanel}/_sim/events?fields=$insert_id`);
    const arrived = new Set(events.map(({ properties }) => properties.$insert_id));
    return {
      missing: [...this.#emitted.difference(arrived)],
      surplus: [...arrived.difference(this.#emitted)],
      resent: raw - unique,
      accepted,
      imported,
    };
  }

  #count(): Promise<{ raw: number; unique: number }> {
    return call('GET', `${this.#stack.mixpanel}/_sim/events/count`);
  }

  /** Number of events queued by Braze. */
  async #queued(): Promise<number> {
    interface Queue {
      pending: number;
      waiting: number;
      held: number;
    }
    const currents = await call<{ queues: Queue[] }[]>('GET', `${this.#stack.braze}/_sim/currents`);
    return currents
      .flatMap(({ queues }) => queues)
      .reduce((sum, { pending, waiting, held }) => sum + pending + waiting + held, 0);
  }
}
