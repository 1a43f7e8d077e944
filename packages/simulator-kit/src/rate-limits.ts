/** At most `limit` units in any `windowMs`. */
export interface RateRule {
  readonly limit: number;
  readonly windowMs: number;
}

export type RateVerdict =
  | { readonly allowed: true; readonly remaining: number; readonly resetAt: number }
  | { readonly allowed: false; readonly remaining: 0; readonly resetAt: number };

export interface RateLimits<Name extends string> {
  /** Off until somebody asks for it: tests and benchmarks are not throttled by surprise. */
  enabled: boolean;
  readonly rules: Readonly<Record<Name, RateRule>>;
  /** Takes `cost` units, or none at all and the moment (simulated, milliseconds) at which there is room again. */
  take(name: Name, cost?: number): RateVerdict;
  reset(): void;
}

interface Window {
  readonly taken: { at: number; cost: number }[];
  sum: number;
}

/** Sliding windows on the simulated clock: exact, what left the window is forgotten. */
export function createRateLimits<Name extends string>(
  clock: { now(): number },
  rules: Readonly<Record<Name, RateRule>>,
  enabled = false,
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
    take(name, cost = 1) {
      const { limit, windowMs } = rules[name];
      const now = clock.now();
      if (!this.enabled) return { allowed: true, remaining: limit, resetAt: now };
      const window = windowOf(name, now);
      const resetAt = (window.taken[0]?.at ?? now) + windowMs;
      if (window.sum + cost > limit) return { allowed: false, remaining: 0, resetAt };
      const last = window.taken.at(-1);
      if (last?.at === now) last.cost += cost;
      else window.taken.push({ at: now, cost });
      window.sum += cost;
      return { allowed: true, remaining: limit - window.sum, resetAt };
    },
    reset: () => windows.clear(),
  };
}
