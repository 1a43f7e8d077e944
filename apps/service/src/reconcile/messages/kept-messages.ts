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
}

/** Most events whose bodies a report reads, which takes about 3 µs of CPU time each. */
const mostEvents = 2_000_000;
const dayMs = 86_400_000;

/**
 * Accepted events by campaign, Canvas and send, which no counter has, since it would cost time at each delivery:
 * from the bodies that wait and those that DELIVERED_RETENTION keeps. They are known where as many are kept as
 * were completed.
 */
export async function keptMessages(
  connection: string,
  journal: Pick<Journal, 'pending' | 'delivered'>,
  { from, to, keepsDelivered, completed }: KeptRequest,
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
  return (of, id, event) => {
    const missing = (completed.get(event) ?? 0) - (kept.get(event) ?? 0);
    if (missing > 0)
      return { notKnown: 'Not all delivered events of these days are kept by DELIVERED_RETENTION.' };
    if (missing < 0)
      return {
        notKnown:
          'More events are kept than were counted: some are kept twice after a replay, or came just now.',
      };
    const count = tally.of(of, id, event);
    if (count === undefined && tally.isFull(of))
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
