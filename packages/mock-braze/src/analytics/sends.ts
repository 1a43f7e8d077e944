/** The sends of API campaigns, which Braze knows for 14 days. */
import type { MessageEvent } from './channels.ts';
import { DailyCounts } from './daily-counts.ts';
import { type Emitted, shortText } from './emitted.ts';

/** The sends of a campaign, by send ID. */
export type Sends = Map<string, Send>;

export interface Send {
  /** Time of the latest message, in milliseconds since 1970. */
  sentAt: number;
  readonly counts: DailyCounts;
}

/** How long the analytics of a send are stored. Source: Braze documentation, API: GET /sends/data_series (2026). */
const storedMs = 14 * 86_400_000;

/** 100 send IDs a day can be made (Braze documentation, API: POST /sends/id/create, 2026), each for 14 days. */
const mostSends = 1_400;

/** The send of an ID that is still stored. */
export function storedSend(sends: Sends, id: string, now: number): Send | undefined {
  const send = sends.get(id);
  return send && isStored(send, now) ? send : undefined;
}

/**
 * The send of an event of an API campaign, which is registered if it is new; undefined for an event without one,
 * and for a send that is no longer stored.
 */
export function seeSend(
  sends: Sends,
  { properties, time }: Emitted,
  message: MessageEvent | undefined,
  now: number,
): Send | undefined {
  const id = shortText(properties.send_id);
  if (id === undefined) return undefined;
  const known = sends.get(id);
  if (known === undefined) for (const [old, send] of sends) if (!isStored(send, now)) sends.delete(old);
  const send = known ?? { sentAt: time, counts: new DailyCounts() };
  if (message?.received) send.sentAt = Math.max(send.sentAt, time);
  if (!isStored(send, now) || (known === undefined && sends.size >= mostSends)) return undefined;
  sends.set(id, send);
  return send;
}

const isStored = ({ sentAt }: Send, now: number) => sentAt > now - storedMs;
