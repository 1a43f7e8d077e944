import { eventNameOf } from '@braze-mixpanel/core/mapping';
import { type ProjectTimeZone, projectTimeZone } from '@braze-mixpanel/core/mixpanel';
import type { Journal } from '@braze-mixpanel/storage';
import { backfillQueue } from '../../backfill/backfill-queue.ts';
import type { ConnectionConfig } from '../../config/config.ts';
import { eventsOf, storedBodies } from '../../events/body/stored-body.ts';
import { optionsOf } from '../../events/delivery/map-rows.ts';
import { idOf, timeOf } from '../../events/delivery/skipped-events.ts';
import type { NotKnown, PendingFacts } from '../explain/facts.ts';
import { SeenSet } from '../seen-set.ts';
import { keyOf } from './mixpanel-facts.ts';

/** Most pending events that a report reads. */
const mostEvents = 1_000_000;
/** Slots for their IDs, 8 bytes each, of which seven in ten are used. */
const places = 2 ** 21;
const daySeconds = 86_400;

type ReadPending = (day: string, event: string) => PendingFacts | NotKnown;
type Mutable = { -readonly [Key in keyof PendingFacts]: PendingFacts[Key] };
const nothing: PendingFacts = { waiting: 0, held: 0, backfilled: 0, again: 0, companyShift: 0 };

/** Events that are not completed yet. */
export interface PendingReading {
  readonly of: ReadPending;
  /** Names in Mixpanel that they have or would have. */
  readonly names: readonly string[];
}

/**
 * Events of a connection that are not completed yet, by name and UTC day, from their stored bodies. In the mode
 * `hold` all of them are held, else those whose time has not come yet.
 *
 * @param now milliseconds since 1970
 */
export async function pendingFacts(
  { name, held, braze }: ConnectionConfig,
  journal: Pick<Journal, 'pending'>,
  now: number,
): Promise<PendingReading> {
  const facts = new Map<string, Mutable>();
  const names = new Set<string>();
  const zone = projectTimeZone(braze.timeZone);
  const ids = new SeenSet(places);
  let read = 0;
  for (const queue of [name, backfillQueue(name)])
    for await (const { profile, receivedAt, body, events } of storedBodies(
      page => journal.pending(page),
      queue,
    )) {
      read += events;
      if (read > mostEvents)
        return {
          of: () => ({
            notKnown: `More than ${mostEvents.toLocaleString('en-US')} events wait for delivery.`,
          }),
          names: [...names],
        };
      const options = optionsOf(profile);
      for (const event of eventsOf(body)) {
        const time = timeOf(event) ?? receivedAt / 1_000;
        const own = eventNameOf(event, options);
        names.add(own);
        const at = (day: number) => entry(facts, keyOf(dayOf(day), own));
        const day = Math.floor(time / daySeconds);
        const isHeld = held || time * 1_000 > now;
        at(day)[isHeld ? 'held' : 'waiting'] += 1;
        if (queue !== name) at(day).backfilled += 1;
        const shift = shiftOf(zone, time);
        const id = idOf(event);
        if (id !== undefined && ids.add(id) === 'seen') at(day + shift).again += 1;
        if (shift === 0) continue;
        at(day).companyShift -= 1;
        at(day + shift).companyShift += 1;
      }
    }
  return { of: (day, event) => facts.get(keyOf(day, event)) ?? nothing, names: [...names] };
}

const shiftOf = (zone: ProjectTimeZone, time: number): number =>
  Math.floor(zone.toLocal(time) / daySeconds) - Math.floor(time / daySeconds);
const dayOf = (day: number): string => new Date(day * daySeconds * 1_000).toISOString().slice(0, 10);

function entry(facts: Map<string, Mutable>, key: string): Mutable {
  const known = facts.get(key) ?? { ...nothing };
  facts.set(key, known);
  return known;
}
