import { useEffect, useRef } from 'preact/hooks';
import { usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { type Current, isFailing, twinsOf } from '../mock-braze/current.ts';
import type { PartnerPage } from '../mock-braze/data-import-keys.ts';
import type { Segment } from '../mock-braze/segment.ts';
import type { Destination } from '../mock-mixpanel/destination.ts';
import { hasExported, type Sync } from '../mock-mixpanel/sync.ts';
import { type Progress, useProgress } from './progress.ts';

interface StoredEvent {
  readonly event: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** What the steps of the tour made, as the servers have it now: what is gone is not done. */
interface Made {
  readonly key: PartnerPage['keys'][number] | undefined;
  readonly destination: Destination | undefined;
  readonly sync: Sync | undefined;
  /** Earlier syncs of the same cohort to the same connection, such as one that was refused. */
  readonly earlierSyncs: readonly Sync[];
  readonly segment: Segment | undefined;
  readonly current: Current | undefined;
  /** Other Currents that send the same events to the same address. */
  readonly twins: readonly Current[];
  readonly event: StoredEvent | undefined;
  /** Number of stored events, duplicates included; `undefined` before Mixpanel has answered. */
  readonly stored: number | undefined;
}

export interface Tour {
  readonly braze: Server;
  readonly mixpanel: Server;
  readonly progress: Progress;
  readonly change: (change: Progress | undefined) => void;
  /** `undefined` before all servers have answered. */
  readonly made: Made | undefined;
  /** Whether each step is done. */
  readonly done: readonly boolean[];
  /** What the tour made and the servers do not have any more, as sentences. */
  readonly gone: readonly string[];
  readonly error: string | undefined;
  readonly reload: () => Promise<void>;
}

/** The tour by the state of the servers. */
export function useTour(braze: Server, mixpanel: Server): Tour {
  const [progress, change] = useProgress();
  const page = usePolled<PartnerPage>(braze, '_sim/data-import-keys');
  const destinations = usePolled<readonly Destination[]>(mixpanel, '_sim/destinations');
  const syncs = usePolled<readonly Sync[]>(mixpanel, '_sim/syncs', 1_000);
  const segments = usePolled<readonly Segment[]>(braze, '_sim/segments');
  const currents = usePolled<readonly Current[]>(braze, '_sim/currents');
  const stored = usePolled<{ readonly events: readonly StoredEvent[]; readonly raw: number }>(
    mixpanel,
    progress.event && `_sim/events?newest=1&insert_id=${encodeURIComponent(progress.event)}`,
    progress.isArrived === true ? 5_000 : 500,
  );
  const polled = [page, destinations, syncs, segments, currents];
  // Whether an event of an earlier visit has arrived is not known before Mixpanel has answered.
  const earlier = useRef(progress.event).current;
  const isEventKnown = earlier === undefined || earlier !== progress.event || stored.data !== undefined;
  const current = currents.data?.find(({ id }) => id === progress.current);
  const syncsOfCohort = (syncs.data ?? []).filter(
    ({ cohort }) => progress.sync !== undefined && String(cohort) === progress.cohort,
  );
  const isKnown = isEventKnown && polled.every(({ data }) => data !== undefined);
  const made: Made | undefined = isKnown
    ? {
        key: page.data?.keys.find(({ key }) => key === progress.key),
        destination: destinations.data?.find(({ id }) => id === progress.destination),
        // The newest one of the cohort: an earlier one may have been refused.
        sync: syncsOfCohort.at(-1),
        earlierSyncs: syncsOfCohort
          .slice(0, -1)
          .filter(({ connectedTo }) => connectedTo !== null && connectedTo === progress.destination),
        segment: segments.data?.find(({ id }) => id === progress.segment),
        current,
        twins: current === undefined ? [] : twinsOf(current, currents.data ?? []),
        event: progress.event === undefined ? undefined : stored.data?.events[0],
        stored: stored.data?.raw,
      }
    : undefined;
  const hasArrived = made?.event !== undefined;
  useEffect(() => {
    if (hasArrived) change({ isArrived: true });
  }, [hasArrived]);
  const alone = [
    made?.key?.state === 'active',
    made?.destination !== undefined,
    made?.sync !== undefined && hasExported(made.sync),
    made?.segment !== undefined,
    (made?.current?.state === 'launched' && !isFailing(made.current)) || progress.isCurrentRemoved === true,
    hasArrived || progress.isArrived === true,
  ];
  // A step counts where those before it do.
  const first = alone.indexOf(false);
  return {
    ...{ braze, mixpanel, progress, change, made },
    gone: made === undefined ? [] : goneOf(progress, made),
    done: alone.map((_, index) => first === -1 || index < first),
    error: [...polled, stored].find(({ error }) => error !== undefined)?.error?.message,
    reload: async () => void (await Promise.all([page.reload(), destinations.reload()])),
  };
}

function goneOf(progress: Progress, made: Made): readonly string[] {
  const current = progress.isCurrentRemoved === true ? undefined : progress.current;
  const all: readonly (readonly [wanted: string | undefined, isThere: boolean, text: string])[] = [
    [progress.key, made.key !== undefined, 'Its data import key is no longer in Braze.'],
    [
      progress.key,
      made.key === undefined || made.key.state === 'active',
      'Its data import key was invalidated in Braze.',
    ],
    [
      progress.destination,
      made.destination !== undefined,
      'Its connection to Braze is no longer in Mixpanel.',
    ],
    [progress.sync, made.sync !== undefined, 'Its cohort sync is no longer in Mixpanel.'],
    [progress.segment, made.segment !== undefined, 'Its segment is no longer in Braze.'],
    [current, made.current !== undefined, 'Its Current is no longer in Braze.'],
  ];
  return all.flatMap(([wanted, isThere, text]) => (wanted === undefined || isThere ? [] : [text]));
}
