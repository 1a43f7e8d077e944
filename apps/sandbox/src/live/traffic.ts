import { type CatalogueVersion, customHttpEntries, seededRandom } from '@braze-mixpanel/core/currents';
import { call } from '../control.ts';
import { changeCohort, sandboxCohorts } from '../scenario/cohorts.ts';
import type { Stack } from '../wiring.ts';

const eventsEveryMs = 1_000;
const membersEveryMs = 15_000;
const dropEveryMs = 30_000;
/** Number of newest events that mock Mixpanel keeps, so that a sandbox can run for days. */
export const keptEvents = 50_000;

export interface Traffic extends Disposable {
  /** Number of events that mock Mixpanel no longer keeps. */
  dropped(): number;
}

/**
 * Simulated users: every second events of every type, by known and unknown users. Four times a minute a user
 * joins and another leaves each cohort in Mixpanel, which reaches Braze two hours later. Mixpanel keeps the newest events.
 */
export function startTraffic(
  stack: Stack,
  catalogueVersion: CatalogueVersion,
  onError: (error: unknown) => void,
): Traffic {
  const random = seededRandom(1);
  const eventsEach = 2 * customHttpEntries(catalogueVersion).length;
  let round = 0;
  const emit = () =>
    call('POST', `${stack.braze}/_sim/emit`, {
      generate: { count: eventsEach, generation: catalogueVersion.id, seed: round++ },
    }).catch(onError);
  const move = () =>
    Promise.all(sandboxCohorts.map(({ id }) => changeCohort(stack, id, random))).catch(onError);
  let dropped = 0;
  const drop = async () => {
    const answer = await call<{ dropped: number }>(
      'DELETE',
      `${stack.mixpanel}/_sim/events?keep=${keptEvents}`,
    );
    dropped += answer.dropped;
  };
  void emit();
  const timers = [
    setInterval(emit, eventsEveryMs),
    setInterval(move, membersEveryMs),
    setInterval(() => drop().catch(onError), dropEveryMs),
  ];
  return {
    dropped: () => dropped,
    [Symbol.dispose]() {
      for (const timer of timers) clearInterval(timer);
    },
  };
}
