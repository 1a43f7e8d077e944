/** At most `limit` units in any `windowMs` of simulated time. */
export interface RateRule {
  readonly limit: number;
  readonly windowMs: number;
}

export type RateVerdict =
  | { readonly allowed: true; readonly remaining: number; readonly resetAt: number }
  | { readonly allowed: false; readonly remaining: 0; readonly resetAt: number };

/** A vendor's limits, on the simulated clock. Each is off until somebody asks for it: nothing is throttled by surprise. */
export interface RateLimits<Name extends string> {
  /** All of them, none, or the named ones. */
  enabled: boolean | readonly Name[];
  readonly rules: Readonly<Record<Name, RateRule>>;
  /** Whether this limit is in force. */
  isOn(name: Name): boolean;
  /** Units that were taken and have not left the window. */
  taken(name: Name): number;
  /** Takes `cost` units, or none at all and the moment (simulated, milliseconds) at which there is room again. */
  take(name: Name, cost?: number): RateVerdict;
  /** Takes from several limits, or from none of them; whether it did. */
  takeAll(costs: Partial<Readonly<Record<Name, number>>>): boolean;
  reset(): void;
}

interface Window {
  readonly taken: { at: number; cost: number }[];
  sum: number;
}

/** Sliding windows: exact, what left the window is forgotten. A limit that is off counts nothing. */
export function createRateLimits<Name extends string>(
  clock: { now(): number },
  rules: Readonly<Record<Name, RateRule>>,
  enabled: boolean | readonly NoInfer<Name>[] = false,
): RateLimits<Name> {
  const windows = new Map<Name, Window>();

  const windowOf = (name: Name, now: number): Window => {
    const window = windows.get(name) ?? { taken: [], sum: 0 };
    windows.set(name, window);
    const staying = window.taken.findIndex(({ at }) => at > now - rules[name].windowMs);
    const leaving = window.taken.splice(0, staying === -1 ? window.taken.length : staying);
    for (const { cost } of leaving) window.sum -= cost;
    return window;
  };

  return {
    enabled,
    rules,
    isOn(name) {
      return typeof this.enabled === 'boolean' ? this.enabled : this.enabled.includes(name);
    },
    taken: name => windowOf(name, clock.now()).sum,
    take(name, cost = 1) {
      const { limit, windowMs } = rules[name];
      const now = clock.now();
      if (!this.isOn(name)) return { allowed: true, remaining: limit, resetAt: now };
      const window = windowOf(name, now);
      const resetAt = (window.taken[0]?.at ?? now) + windowMs;
      if (window.sum + cost > limit) return { allowed: false, remaining: 0, resetAt };
      const last = window.taken.at(-1);
      if (last?.at === now) last.cost += cost;
      else window.taken.push({ at: now, cost });
      window.sum += cost;
      return { allowed: true, remaining: limit - window.sum, resetAt };
    },
    takeAll(costs) {
      const wanted = (Object.entries(costs) as [Name, number][]).filter(([name]) => this.isOn(name));
      const now = clock.now();
      const fits = wanted.every(([name, cost]) => windowOf(name, now).sum + cost <= rules[name].limit);
      if (fits) for (const [name, cost] of wanted) this.take(name, cost);
      return fits;
    },
    reset: () => windows.clear(),
  };
}
