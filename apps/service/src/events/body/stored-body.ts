/**
 * The stored body of a batch: UTF-8 of `{"events":[…]}` with whatever else Braze sent beside `events`. Only this folder reads and writes
 * its form: the events as values here, as the texts that arrived in event-texts.ts, without fields in redact.ts.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BodyPage, NewBatch } from '@braze-mixpanel/storage';

const decoder = new TextDecoder('utf-8');
const encoder = new TextEncoder();

/**
 * The text of a stored or inbound body. Bytes that are not UTF-8 become U+FFFD instead of a refusal: a 400 would make Braze drop
 * the events of this batch for good. A byte order mark is left out.
 */
export const bodyText = (body: Uint8Array): string => decoder.decode(body);

/** The events of a stored body as values. @throws SyntaxError when the body is not what ingest stored */
export function eventsOf(body: Uint8Array): unknown[] {
  return (JSON.parse(bodyText(body)) as { events: unknown[] }).events;
}

/** A body of the texts of events; a text may be a run of several, with commas between them. */
export const bodyOf = (texts: readonly string[]): Uint8Array<ArrayBuffer> =>
  encoder.encode(`{"events":[${texts.join(',')}]}`);

const bodiesPerPage = 50;

/** Every stored body of a connection, page by page; requests are answered in between. */
export async function* storedBodies<Batch extends NewBatch & { id: number }>(
  read: (page: BodyPage) => Promise<Batch[]>,
  connection: string,
): AsyncGenerator<Batch> {
  for (let after = 0; ; ) {
    const page = await read({ connection, after, limit: bodiesPerPage });
    for (const batch of page) {
      yield batch;
      after = batch.id;
      await nextTurn();
    }
    if (page.length === 0) return;
  }
}
