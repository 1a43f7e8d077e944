/** A limit of units in any `windowMs` of simulated time. */
export interface RateRule {
  readonly limit: number;
  readonly windowMs: number;
}

/**
 * Whether units were taken, how many remain, and when the window frees the next one (simulated milliseconds
 * since 1970).
 */
export interface RateVerdict {
  readonly allowed: boolean;
  readonly remaining: number;
  readonly resetAt: number;
}

interface Window {
  readonly taken: { at: number; cost: number }[];
  sum: number;
}

/**
 * A vendor's limits, on the simulated clock, as sliding windows. Each is off, and counts nothing, until it is
 * enabled: no request is throttled by surprise.
 *
 * @example
 * ```ts
 * import { createClock, RateLimits } from '@braze-mixpanel/simulator-kit';
 *
 * const clock = createClock();
 * const limits = new RateLimits(clock, { queries: { limit: 60, windowMs: 3_600_000 } }, true);
 * console.log(limits.take('queries').remaining); // 59
 * await clock.close();
 * ```
 */
export class RateLimits<Name extends string> {
  /** All limits, none, or the named ones. */
  enabled: boolean | readonly Name[];
  readonly rules: Readonly<Record<Name, RateRule>>;
  readonly #clock: { now(): number };
  readonly #windows = new Map<Name, Window>();

  /** @param clock current simulated time, in milliseconds since 1970. */
  constructor(
    clock: { now(): number },
    rules: Readonly<Record<Name, RateRule>>,
    enabled: boolean | readonly NoInfer<Name>[] = false,
  ) {
    this.#clock = clock;
    this.rules = rules;
    this.enabled = enabled;
  }

  /** Whether this limit is enabled. */
  isOn(name: Name): boolean {
    return typeof this.enabled === 'boolean' ? this.enabled : this.enabled.includes(name);
  }

  /** The units currently in the window. */
  taken(name: Name): number {
    return this.#windowOf(name).sum;
  }

  /**
   * Takes `cost` units if all of them fit. `resetAt` is the simulated time at which the oldest unit leaves
   * the window.
   */
  take(name: Name, cost = 1): RateVerdict {
    const { limit, windowMs } = this.rules[name];
    const now = this.#clock.now();
    if (!this.isOn(name)) return { allowed: true, remaining: limit, resetAt: now };
    const window = this.#windowOf(name);
    const resetAt = (window.taken[0]?.at ?? now) + windowMs;
    if (window.sum + cost > limit) return { allowed: false, remaining: 0, resetAt };
    const last = window.taken.at(-1);
    if (last?.at === now) last.cost += cost;
    else window.taken.push({ at: now, cost });
    window.sum += cost;
    return { allowed: true, remaining: limit - window.sum, resetAt };
  }

  /** Takes units from several limits, or from none of them. Returns whether it did. */
  takeAll(costs: Partial<Readonly<Record<Name, number>>>): boolean {
    const wanted = (Object.entries(costs) as [Name, number][]).filter(([name]) => this.isOn(name));
    const fits = wanted.every(([name, cost]) => this.taken(name) + cost <= this.rules[name].limit);
    if (fits) for (const [name, cost] of wanted) this.take(name, cost);
    return fits;
  }

  /** Clears all windows. */
  reset(): void {
    this.#windows.clear();
  }

  #windowOf(name: Name): Window {
    const window = this.#windows.get(name) ?? { taken: [], sum: 0 };
    this.#windows.set(name, window);
    const start = this.#clock.now() - this.rules[name].windowMs;
    const staying = window.taken.findIndex(({ at }) => at > start);
    const leaving = window.taken.splice(0, staying === -1 ? window.taken.length : staying);
    for (const { cost } of leaving) window.sum -= cost;
    return window;
  }
}
