/**
 * The stored form of a batch: UTF-8 of `{"events":[…]}` with any other keys that Braze sent. Only this folder
 * reads and writes it: events as values here, as the texts that arrived in event-texts.ts, without redacted
 * fields in redact.ts.
 */
import { setImmediate as yieldToEvents } from 'node:timers/promises';
import { joinSurrogates } from '@braze-mixpanel/core/http';
import type { BodyPage, NewBatch, NewestPage } from '@braze-mixpanel/storage';

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

/** Every stored body of a connection by id, page by page; the event loop runs between pages. */
export const storedBodies = <Batch extends NewBatch & { id: number }>(
  read: (page: BodyPage) => Promise<Batch[]>,
  connection: string,
): AsyncGenerator<Batch> => bodies(after => read({ connection, after, limit: bodiesPerPage }), 0);

/** As {@link storedBodies}, the newest first: those below the id `before`. */
export const newestBodies = <Batch extends NewBatch & { id: number }>(
  read: (page: NewestPage) => Promise<Batch[]>,
  connection: string,
  before: number,
): AsyncGenerator<Batch> => bodies(id => read({ connection, before: id, limit: bodiesPerPage }), before);

async function* bodies<Batch extends { id: number }>(
  read: (from: number) => Promise<Batch[]>,
  first: number,
): AsyncGenerator<Batch> {
  for (let from = first; ; ) {
    const page = await read(from);
    for (const batch of page) {
      yield batch;
      from = batch.id;
      await yieldToEvents();
    }
    if (page.length === 0) return;
  }
}
