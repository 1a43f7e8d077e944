import { useMemo } from 'preact/hooks';
import { usePolled } from '../api/use-polled.ts';
import { about } from '../app/about.ts';
import { routeOf } from '../app/routes.ts';
import { inWords } from '../parts/format.ts';
import type { Status } from '../service/status.ts';
import type { Command } from './command.ts';

interface Named {
  readonly id: string | number;
  readonly name: string;
}

/** Cohorts, syncs, Currents, segments and causes of dead letters of all servers, which are searched by name and ID. */
export function useThings(): readonly Command[] {
  const service = useList<Status>('service', 'status');
  const cohorts = useList<readonly Named[]>('mock-mixpanel', '_sim/cohorts?members=false');
  const destinations = useList<readonly Named[]>('mock-mixpanel', '_sim/destinations');
  const currents = useList<readonly Named[]>('mock-braze', '_sim/currents');
  const segments = useList<readonly Named[]>('mock-braze', '_sim/segments');
  return useMemo(
    () => [
      ...thingsOf(
        'service',
        'cohorts',
        'Cohort sync, ID',
        Object.values(service?.connections ?? {}).flatMap(connection => connection.cohorts),
      ),
      ...causesOf(service),
      ...thingsOf('mock-mixpanel', 'cohorts', 'Cohort in mock-mixpanel, ID', cohorts),
      ...thingsOf('mock-mixpanel', 'destinations', 'Destination in mock-mixpanel, ID', destinations),
      ...thingsOf('mock-braze', 'currents', 'Current in mock-braze, ID', currents),
      ...thingsOf('mock-braze', 'segments', 'Segment in mock-braze, ID', segments),
    ],
    [service, cohorts, destinations, currents, segments],
  );
}

function useList<T>(server: string, path: string): T | undefined {
  const { servers } = about();
  const found = servers.find(({ name }) => name === server);
  return usePolled<T>(found ?? servers[0]!, found && path, 10_000).data;
}

const thingsOf = (
  server: string,
  view: string,
  kind: string,
  things: readonly Named[] = [],
): readonly Command[] =>
  things.map(({ id, name }) => ({
    ...{ key: `${server} ${view} ${id}`, title: name, place: `${kind} ${id}` },
    route: routeOf(server, view, String(id)),
  }));

function causesOf(status: Status | undefined): readonly Command[] {
  const causes = Object.values(status?.connections ?? {}).flatMap(each => Object.keys(each.deadLettered));
  return [...new Set(causes)].map(reason => ({
    ...{ key: `cause ${reason}`, title: inWords(reason), place: `Dead letters, ${reason}` },
    route: routeOf('service', 'dead-letters', undefined, `?${new URLSearchParams({ reason })}`),
  }));
}
