import { eventNameOf } from '@braze-mixpanel/core/mapping';
import type { Journal, NewBatch } from '@braze-mixpanel/storage';
import { backfillQueue } from '../../backfill/backfill-queue.ts';
import { eventsOf, storedBodies } from '../../events/body/stored-body.ts';
import { optionsOf } from '../../events/delivery/map-rows.ts';
import { timeOf } from '../../events/delivery/skipped-events.ts';
import type { Column } from '../explain/columns.ts';
import { type MessageIds, type MessageKind, MessageTally } from './message-tally.ts';

/** Accepted events of a campaign, Canvas or send, by name. */
export type ReadKept = (of: MessageKind, id: string, event: string) => Column;

export interface KeptRequest {
  /** `YYYY-MM-DD` in UTC, both inclusive. */
  readonly from: string;
  readonly to: string;
  /** Whether bodies are kept after their delivery. */
  readonly keepsDelivered: boolean;
  /** Events of these days that were completed, by name. */
  readonly completed: ReadonlyMap<string, number>;
  /** Of these, at most so many that were removed with forgotten users, by name. */
  readonly forgotten: ReadonlyMap<string, number>;
  /** Of these, those that a cut-over removed from the queue, by name. */
  readonly cutOver: ReadonlyMap<string, number>;
}

/** Most events whose bodies a report reads, which takes about 3 µs of CPU time each. */
const mostEvents = 2_000_000;
const dayMs = 86_400_000;

/**
 * Accepted events by campaign, Canvas and send, which no counter has, since it would cost time at each delivery:
 * from the bodies that wait and those that DELIVERED_RETENTION keeps. They are known where as many are kept as
 * were completed, and none were removed: another one that is kept twice would make up for it.
 */
export async function keptMessages(
  connection: string,
  journal: Pick<Journal, 'pending' | 'delivered'>,
  { from, to, keepsDelivered, completed, forgotten, cutOver }: KeptRequest,
): Promise<ReadKept> {
  const nothing = (notKnown: string): ReadKept => {
    return () => ({ notKnown });
  };
  if (!keepsDelivered)
    return nothing(
      'Events by campaign are known from their bodies, which DELIVERED_RETENTION does not keep.',
    );
  const tooMany = nothing(`More than ${mostEvents.toLocaleString('en-US')} events are kept.`);
  const tally = new MessageTally();
  const kept = new Map<string, number>();
  const [first, end] = [Date.parse(from), Date.parse(to) + dayMs];
  let read = 0;
  for (const queue of [connection, backfillQueue(connection)])
    for (const store of ['pending', 'delivered'] as const)
      for await (const { profile, receivedAt, body, events } of storedBodies<NewBatch & { id: number }>(
        page => journal[store](page),
        queue,
      )) {
        if (receivedAt < first - dayMs) continue;
        read += events;
        if (read > mostEvents) return tooMany;
        const options = optionsOf(profile);
        for (const event of eventsOf(body)) {
          const at = (timeOf(event) ?? receivedAt / 1_000) * 1_000;
          if (at < first || at >= end) continue;
          const name = eventNameOf(event, options);
          tally.add(name, idsOf(event));
          if (store === 'delivered') kept.set(name, (kept.get(name) ?? 0) + 1);
        }
      }
  return (kind, id, event) => {
    const of = (counts: ReadonlyMap<string, number>) => counts.get(event) ?? 0;
    const missing = of(completed) - of(kept);
    const gone = of(forgotten) + of(cutOver);
    const reasons = [
      of(forgotten) > 0 && 'Users were forgotten, and the service no longer has their events to count.',
      of(cutOver) > 0 &&
        'A cut-over removed events that Mixpanel already had, and the service no longer has these to count.',
      missing > gone && 'Not all delivered events of these days are kept by DELIVERED_RETENTION.',
      missing < 0 &&
        'More events are kept than were counted: some are kept twice after a replay, or came just now.',
    ].filter(reason => reason !== false);
    if (reasons.length > 0) return { notKnown: reasons.join(' ') };
    const count = tally.of(kind, id, event);
    if (count === undefined && tally.isFull(kind))
      return { notKnown: 'There are too many of its kind to count each.' };
    return { events: count?.raw ?? 0 };
  };
}

function idsOf(event: unknown): MessageIds {
  const { properties } = event as { properties?: unknown };
  if (typeof properties !== 'object' || properties === null) return {};
  const { campaign_id, canvas_id, send_id } = properties as Record<string, unknown>;
  return { campaignId: textOf(campaign_id), canvasId: textOf(canvas_id), sendId: textOf(send_id) };
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
