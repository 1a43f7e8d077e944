import { call } from '../control.ts';
import type { Stack } from '../stack.ts';

const everyMs = 1_000;
const eventsEach = 82;

/** Lets Braze's users do something every second: generated events of every selected type, for known and unknown users. */
export function startTraffic({ braze }: Stack, onError: (error: unknown) => void): Disposable {
  let round = 0;
  const emit = () =>
    call('POST', `${braze}/_sim/emit`, { generate: { count: eventsEach, seed: round++ } }).catch(onError);
  void emit();
  const timer = setInterval(emit, everyMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
