/**
 * The stored form of a batch: UTF-8 of `{"events":[…]}` with any other keys that Braze sent. Only this folder
 * reads and writes it: events as values here, as the texts that arrived in event-texts.ts, without redacted
 * fields in redact.ts.
 */
import { setImmediate as yieldToEvents } from 'node:timers/promises';
import { joinSurrogates } from '@braze-mixpanel/core/http';
import type { BodyPage, NewBatch } from '@braze-mixpanel/storage';

const decoder = new TextDecoder('utf-8');
const encoder = new TextEncoder();

/**
 * The text of a stored or inbound body. Bytes that are not UTF-8 become U+FFFD instead of a refusal: a 400
 * would make Braze drop the events of this batch for good. Two surrogate halves of three bytes each become one
 * character. A byte order mark is left out.
 */
export const bodyText = (body: Uint8Array): string => decoder.decode(joinSurrogates(body));

/** The events of a stored body as values. @throws SyntaxError when the body is not what ingest stored */
export function eventsOf(body: Uint8Array): unknown[] {
  return (JSON.parse(bodyText(body)) as { events: unknown[] }).events;
}

/** A body made from the JSON texts of events; a text may be several events with commas between them. */
export const bodyOf = (texts: readonly string[]): Uint8Array<ArrayBuffer> =>
  encoder.encode(`{"events":[${texts.join(',')}]}`);

const bodiesPerPage = 50;

/** Every stored body of a connection, page by page; the event loop runs between pages. */
export async function* storedBodies<Batch extends NewBatch & { id: number }>(
  read: (page: BodyPage) => Promise<Batch[]>,
  connection: string,
): AsyncGenerator<Batch> {
  for (let after = 0; ; ) {
    const page = await read({ connection, after, limit: bodiesPerPage });
    for (const batch of page) {
      yield batch;
      after = batch.id;
      await yieldToEvents();
    }
    if (page.length === 0) return;
  }
}
