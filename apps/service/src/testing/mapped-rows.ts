import type { MappedRow } from '../events/delivery/map-rows.ts';
import { outboundEvents } from '../events/delivery/outbound-event.ts';

/** A row of that many mapped events, whose JSON texts are `"<id>-<index>"`. */
export function rowOf(id: number, events: number): MappedRow {
  const outbound = outboundEvents(
    Array.from({ length: events }, (_, index) => {
      const json = `"${id}-${index}"`;
      const insertId = `${id}-${index}`;
      return { index, event: 'Email Send', time: 0, insertId, distinctId: 'ada', json, bytes: json.length };
    }),
  );
  const batch = {
    id,
    attempts: 0,
    connection: 'c',
    receivedAt: 0,
    events,
    body: new Uint8Array(),
    profile: '',
  };
  const rest = {
    shadow: false,
    held: [],
    skipped: {},
    skippedEvents: [],
    unmapped: [],
    notes: {},
    placeholders: undefined,
    skippedIndexes: undefined,
    users: undefined,
    unlisted: [],
  };
  return { batch, outbound, ...rest };
}
