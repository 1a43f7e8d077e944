import { importLimits } from '@braze-mixpanel/core/mixpanel';
import type { OutboundEvent } from './outbound-event.ts';

const brackets = 2;

/**
 * Requests within Mixpanel's limits, at most 2,000 events and 10 MB of JSON each, filled with whole rows;
 * only a row that exceeds the limits by itself is spread over several requests. Order is kept.
 */
export function packRequests(rows: readonly (readonly OutboundEvent[])[]): OutboundEvent[][] {
  const requests: OutboundEvent[][] = [];
  let request: OutboundEvent[] = [];
  let size = brackets;
  const close = () => {
    if (request.length > 0) requests.push(request);
    request = [];
    size = brackets;
  };
  const fits = (events: number, bytes: number) =>
    request.length + events <= importLimits.eventsPerRequest && size + bytes <= importLimits.requestBytes;

  for (const row of rows) {
    if (!fits(row.length, sizeOf(row))) close();
    for (const event of row) {
      if (!fits(1, event.bytes + 1)) close();
      request.push(event);
      size += event.bytes + 1;
    }
  }
  close();
  return requests;
}

/** Bytes, with a comma for each event. */
const sizeOf = (events: readonly OutboundEvent[]): number =>
  events.reduce((sum, event) => sum + event.bytes + 1, 0);
