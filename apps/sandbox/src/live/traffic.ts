import { type CatalogueVersion, customHttpEntries, seededRandom } from '@braze-mixpanel/core/currents';
import { call } from '../control.ts';
import { changeCohort, sandboxCohorts } from '../scenario/cohorts.ts';
import type { Stack } from '../wiring.ts';

const eventsEveryMs = 1_000;
const membersEveryMs = 15_000;
const dropEveryMs = 30_000;
/** Places of a generated event in mock Braze, from 0. */
const mostFirst = 1_000_000_000;
/** Number of newest events that mock Mixpanel keeps, so that a sandbox can run for days. */
export const keptEvents = 50_000;

export interface Traffic extends Disposable {
  /** Number of events that mock Mixpanel no longer keeps. */
  dropped(): number;
  /** Why its last round failed; `null` after one that succeeded. */
  problem(): string | null;
}

/**
 * Simulated users: every second events of every type, by known and unknown users. Four times a minute a user
 * joins and another leaves each cohort in Mixpanel, which reaches Braze two hours later. Mixpanel keeps the
 * newest events. A round that fails is reported, and the next one is sent as usual: a reset of a simulator removes its cohorts.
 */
export function startTraffic(stack: Stack, catalogueVersion: CatalogueVersion): Traffic {
  const random = seededRandom(1);
  const eventsEach = 2 * customHttpEntries(catalogueVersion).length;
  let round = 0;
  let dropped = 0;
  const problems = new Map<string, string>();
  const jobs = {
    emit: () => {
      const seed = round++;
      // After the events of earlier rounds, so that each user has every type, and each type every origin.
      const first = (seed * eventsEach) % mostFirst;
      return call('POST', `${stack.braze}/_sim/emit`, {
        generate: { count: eventsEach, generation: catalogueVersion.id, seed, first },
      });
    },
    move: () => Promise.all(sandboxCohorts.map(({ id }) => changeCohort(stack, id, random))),
    drop: async () => {
      const kept = `${stack.mixpanel}/_sim/events?keep=${keptEvents}`;
      dropped += (await call<{ dropped: number }>('DELETE', kept)).dropped;
    },
  };
  const run = (name: keyof typeof jobs) =>
    jobs[name]().then(
      () => problems.delete(name),
      (error: Error) => problems.set(name, error.message),
    );
  void run('emit');
  const timers = [
    setInterval(run, eventsEveryMs, 'emit'),
    setInterval(run, membersEveryMs, 'move'),
    setInterval(run, dropEveryMs, 'drop'),
  ];
  return {
    dropped: () => dropped,
    problem: () => problems.values().next().value ?? null,
    [Symbol.dispose]() {
      for (const timer of timers) clearInterval(timer);
    },
  };
}
