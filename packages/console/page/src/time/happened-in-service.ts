import { routeOf } from '../app/route-of.ts';
import type { CohortSync, Status } from '../service/status.ts';
import type { Entry } from './line.ts';

/** What happened when a delivery failed, and when that was over. Only a failed delivery is called one. */
const titlesOf: Readonly<Record<string, (name: string) => readonly [failure: string, recovery: string]>> = {
  refused_by_mixpanel: name => [
    `Mixpanel refuses records of connection ${name}, which are dead letters`,
    `Mixpanel accepts all records of connection ${name} again`,
  ],
  batch_unreadable: name => [
    `A batch of connection ${name} cannot be mapped`,
    `Batches of connection ${name} can be mapped again`,
  ],
};
const failedDelivery = (name: string) => {
  const title = `Delivery of connection ${name} to Mixpanel`;
  return [`${title} fails`, `${title} succeeds again`] as const;
};

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
    const route = routeOf(server, 'connections');
    const error = delivery?.lastError;
    const [failure, recovery] = (titlesOf[error?.code ?? ''] ?? failedDelivery)(name);
    return [
      ...cohorts.flatMap(ofSync),
      ...entry(`failure ${name}`, error?.since, {
        ...{ title: failure, text: error?.message, route, outcome: 'bad' },
      }),
      ...entry(`recovery ${name}`, error?.resolvedAt, {
        ...{ title: recovery, route, outcome: 'good' },
      }),
    ];
  });
}
