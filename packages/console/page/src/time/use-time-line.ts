import { useMemo } from 'preact/hooks';
import { type Polled, usePolled } from '../api/use-polled.ts';
import { about, type Server } from '../app/about.ts';
import { routeOf } from '../app/routes.ts';
import type { ClockReading } from '../app/server-time.tsx';
import type { Current } from '../mock-braze/current.ts';
import type { Sync } from '../mock-mixpanel/sync.ts';
import { useNow } from '../parts/clock.tsx';
import type { Status } from '../service/status.ts';
import { type Fault, kindOf } from '../simulator/fault.ts';
import { happenedInService } from './happened-in-service.ts';
import {
  type Entry,
  happenedIn,
  runsOf,
  scheduledByFollowers,
  scheduledIn,
  scheduledInService,
  type Timers,
} from './line.ts';

interface TimeLine {
  readonly clock: ClockReading | undefined;
  /** The next things first. */
  readonly scheduled: readonly Entry[];
  /** The latest first. */
  readonly happened: readonly Entry[];
  readonly isKnown: boolean;
  /** What has not answered yet, or fails now; until all have answered, the next thing is not known. */
  readonly unread: readonly string[];
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
  const currents = usePolledOf<readonly Current[]>(braze, leader, '_sim/currents');
  const brazeFaults = usePolledOf<{ faults: readonly Fault[] }>(braze, leader, '_sim/faults');
  const mixpanelFaults = usePolledOf<{ faults: readonly Fault[] }>(mixpanel, leader, '_sim/faults');
  const status = usePolledOf<Status>(service, leader, 'status');
  const now = useNow();
  const known = useMemo(
    () => ({
      syncs: syncs.data ?? none,
      cohorts: new Map(cohorts.data?.map(({ id, name }) => [id, name])),
      currents: currents.data ?? none,
    }),
    [syncs.data, cohorts.data, currents.data],
  );
  const simulators = [
    { server: 'mock-braze', timers: ofBraze.data, faults: brazeFaults.data?.faults ?? none },
    { server: 'mock-mixpanel', timers: ofMixpanel.data, faults: mixpanelFaults.data?.faults ?? none },
  ];
  const spans = simulators.flatMap(({ server, faults }) => faults.flatMap(fault => spanOf(server, fault)));
  const scheduled = [
    ...simulators.flatMap(({ server, timers }) => (timers ? scheduledIn(server, timers, known) : [])),
    ...(status.data && service ? scheduledInService(service.name, status.data, now) : []),
    ...scheduledByFollowers(
      clock.data?.followers ?? none,
      about().servers.map(({ name }) => name),
    ),
    ...spans.filter(({ at }) => at > now),
  ];
  const happened = [
    ...simulators.flatMap(({ server, timers }) => (timers ? happenedIn(server, timers, known) : [])),
    ...runsOf('mock-mixpanel', known),
    ...(status.data && service ? happenedInService(service.name, status.data) : []),
    ...spans.filter(({ at }) => at <= now),
  ];
  const sources: readonly (readonly [what: string, from: Server | undefined, answer: Polled<unknown>])[] = [
    ['the clock', leader, clock],
    ["mock-braze's schedule", braze, ofBraze],
    ["mock-braze's Currents", braze, currents],
    ["mock-braze's faults", braze, brazeFaults],
    ["mock-mixpanel's schedule", mixpanel, ofMixpanel],
    ["mock-mixpanel's cohort syncs", mixpanel, syncs],
    ["mock-mixpanel's cohorts", mixpanel, cohorts],
    ["mock-mixpanel's faults", mixpanel, mixpanelFaults],
    ["the service's schedule", service, status],
  ];
  const polled = sources.filter(([, from]) => from !== undefined);
  const answers = polled.map(([, , answer]) => answer);
  return {
    clock: clock.data,
    scheduled: scheduled.toSorted((one, other) => one.at - other.at),
    happened: happened.toSorted((one, other) => other.at - one.at),
    isKnown:
      clock.data !== undefined &&
      (braze === undefined || ofBraze.data !== undefined) &&
      (mixpanel === undefined || ofMixpanel.data !== undefined),
    unread: polled
      .filter(([, , { data, error }]) => data === undefined || error !== undefined)
      .map(([what]) => what),
    error: answers.find(({ error }) => error !== undefined)?.error?.message,
    reload: async () => void (await Promise.all(answers.map(each => each.reload()))),
  };
}

/** When a fault with a time span begins and ends. */
function spanOf(server: string, fault: Fault): Entry[] {
  if (fault.until === undefined || fault.for === undefined) return [];
  const about = { server, text: fault.id, route: routeOf(server, 'faults') };
  const [key, kind, end] = [`${server} ${fault.id}`, kindOf(fault), Date.parse(fault.until)];
  return [
    { ...about, key: `${key} begins`, at: end - fault.for, title: `Fault begins: ${kind}`, outcome: 'bad' },
    { ...about, key: `${key} ends`, at: end, title: `Fault ends: ${kind}`, outcome: 'good' },
  ];
}
