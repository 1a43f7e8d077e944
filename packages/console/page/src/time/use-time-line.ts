import { useMemo } from 'preact/hooks';
import { usePolled } from '../api/use-polled.ts';
import { about, type Server } from '../app/about.ts';
import { routeOf } from '../app/routes.ts';
import type { ClockReading } from '../app/server-time.tsx';
import type { Sync } from '../mock-mixpanel/sync.ts';
import { useNow } from '../parts/clock.tsx';
import type { Status } from '../service/status.ts';
import { type Fault, kindOf } from '../simulator/fault.ts';
import { type Entry, happenedIn, runsOf, scheduledIn, scheduledInService, type Timers } from './line.ts';

interface TimeLine {
  readonly clock: ClockReading | undefined;
  /** The next things first. */
  readonly scheduled: readonly Entry[];
  /** The latest first. */
  readonly happened: readonly Entry[];
  readonly isKnown: boolean;
  readonly error: string | undefined;
  readonly reload: () => Promise<void>;
}

const none: readonly never[] = [];

function usePolledOf<T>(server: Server | undefined, fallback: Server, path: string) {
  return usePolled<T>(server ?? fallback, server && path, 1_000);
}

/** What is scheduled on the clock and what happened, of all shown servers. */
export function useTimeLine(leader: Server): TimeLine {
  const named = (name: string) => about().servers.find(each => each.name === name);
  const [braze, mixpanel, service] = ['mock-braze', 'mock-mixpanel', 'service'].map(named);
  const clock = usePolled<ClockReading>(leader, '_sim/clock', 1_000);
  const ofBraze = usePolledOf<Timers>(braze, leader, '_sim/clock/timers');
  const ofMixpanel = usePolledOf<Timers>(mixpanel, leader, '_sim/clock/timers');
  const syncs = usePolledOf<readonly Sync[]>(mixpanel, leader, '_sim/syncs');
  const cohorts = usePolledOf<readonly { id: number; name: string }[]>(
    mixpanel,
    leader,
    '_sim/cohorts?members=false',
  );
  const brazeFaults = usePolledOf<{ faults: readonly Fault[] }>(braze, leader, '_sim/faults');
  const mixpanelFaults = usePolledOf<{ faults: readonly Fault[] }>(mixpanel, leader, '_sim/faults');
  const status = usePolledOf<Status>(service, leader, 'status');
  const now = useNow();
  const known = useMemo(
    () => ({
      syncs: syncs.data ?? none,
      cohorts: new Map(cohorts.data?.map(({ id, name }) => [id, name])),
    }),
    [syncs.data, cohorts.data],
  );
  const simulators = [
    { server: 'mock-braze', timers: ofBraze.data, faults: brazeFaults.data?.faults ?? none },
    { server: 'mock-mixpanel', timers: ofMixpanel.data, faults: mixpanelFaults.data?.faults ?? none },
  ];
  const ends = simulators.flatMap(({ server, faults }) => faults.flatMap(fault => endOf(server, fault)));
  const scheduled = [
    ...simulators.flatMap(({ server, timers }) => (timers ? scheduledIn(server, timers, known) : [])),
    ...(status.data && service ? scheduledInService(service.name, status.data, now) : []),
    ...ends.filter(({ at }) => at > now),
  ];
  const happened = [
    ...simulators.flatMap(({ server, timers }) => (timers ? happenedIn(server, timers, known) : [])),
    ...runsOf('mock-mixpanel', known),
    ...ends.filter(({ at }) => at <= now).map(each => ({ ...each, outcome: 'good' as const })),
  ];
  const polled = [clock, ofBraze, ofMixpanel, syncs, status];
  return {
    clock: clock.data,
    scheduled: scheduled.toSorted((one, other) => one.at - other.at),
    happened: happened.toSorted((one, other) => other.at - one.at),
    isKnown:
      clock.data !== undefined &&
      (braze === undefined || ofBraze.data !== undefined) &&
      (mixpanel === undefined || ofMixpanel.data !== undefined),
    error: polled.find(({ error }) => error !== undefined)?.error?.message,
    reload: async () => void (await Promise.all(polled.map(each => each.reload()))),
  };
}

/** When a fault with a time span ends. */
const endOf = (server: string, fault: Fault): Entry[] =>
  fault.until === undefined
    ? []
    : [
        {
          key: `${server} ${fault.id}`,
          at: Date.parse(fault.until),
          server,
          title: `Fault ends: ${kindOf(fault)}`,
          text: fault.id,
          route: routeOf(server, 'faults'),
        },
      ];
