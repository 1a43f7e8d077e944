import { type CatalogueVersion, customHttpEntries, seededRandom } from '@braze-mixpanel/core/currents';
import { call } from '../control.ts';
import { changeCohort, sandboxCohorts } from '../scenario/cohorts.ts';
import type { Stack } from '../wiring.ts';

const eventsEveryMs = 1_000;
const membersEveryMs = 15_000;

/**
 * Simulated users: every second events of every type, by known and unknown users. Four times a minute a user
 * joins and another leaves each cohort in Mixpanel, which reaches Braze two hours later.
 */
export function startTraffic(
  stack: Stack,
  catalogueVersion: CatalogueVersion,
  onError: (error: unknown) => void,
): Disposable {
  const random = seededRandom(1);
  const eventsEach = 2 * customHttpEntries(catalogueVersion).length;
  let round = 0;
  const emit = () =>
    call('POST', `${stack.braze}/_sim/emit`, {
      generate: { count: eventsEach, generation: catalogueVersion.id, seed: round++ },
    }).catch(onError);
  const move = () =>
    Promise.all(sandboxCohorts.map(({ id }) => changeCohort(stack, id, random))).catch(onError);
  void emit();
  const timers = [setInterval(emit, eventsEveryMs), setInterval(move, membersEveryMs)];
  return {
    [Symbol.dispose]() {
      for (const timer of timers) clearInterval(timer);
    },
  };
}
