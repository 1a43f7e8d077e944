import { routeOf } from '../app/route-of.ts';
import type { CohortSync, Status } from '../service/status.ts';
import type { Entry } from './line.ts';

/** The newest of each kind that the service shows: runs and read-backs of its cohort syncs, and failures of deliveries. */
export function happenedInService(server: string, { connections }: Status): Entry[] {
  const entry = (key: string, at: string | null | undefined, rest: Omit<Entry, 'key' | 'at' | 'server'>) =>
    at === null || at === undefined ? [] : [{ key: `${server} ${key}`, at: Date.parse(at), server, ...rest }];
  const ofSync = ({ id, name, problem, lastSuccess, confirmedAt, ...sync }: CohortSync): Entry[] => {
    const about = { title: `Cohort sync of ${name}`, route: routeOf(server, 'cohorts', id) };
    return [
      ...entry(`problem ${id}`, problem?.at, { ...about, text: problem?.message, outcome: 'bad' }),
      ...entry(`success ${id}`, lastSuccess, {
        ...about,
        ...{ text: "Braze accepted Mixpanel's newest list", outcome: 'good' },
      }),
      ...entry(`read-back ${id}`, confirmedAt, {
        ...about,
        text: `${sync.confirmedMembers} of ${sync.confirmedOf} members read back from Braze are as sent`,
        outcome: sync.confirmedMembers === sync.confirmedOf ? 'good' : 'bad',
      }),
    ];
  };
  return Object.entries(connections).flatMap(([name, { cohorts, delivery }]) => {
    const title = `Delivery of connection ${name} to Mixpanel`;
    const route = routeOf(server, 'connections');
    const error = delivery?.lastError;
    return [
      ...cohorts.flatMap(ofSync),
      ...entry(`failure ${name}`, error?.since, {
        ...{ title: `${title} fails`, text: error?.message, route, outcome: 'bad' },
      }),
      ...entry(`recovery ${name}`, error?.resolvedAt, {
        ...{ title: `${title} succeeds again`, route, outcome: 'good' },
      }),
    ];
  });
}
