import { setImmediate as nextTurn } from 'node:timers/promises';
import { eventTexts } from '../dead-letters/event-texts.ts';
import { bodyText } from '../ingest/envelope.ts';
import type { BodyPage, NewBatch } from '../storage/types.ts';
import type { StoredUser } from './stored-user.ts';

/** One user's events in a stored body, and the texts of all others. */
export interface Split {
  readonly theirs: { readonly index: number; readonly event: unknown }[];
  readonly others: string[];
  /** The body names the user outside its events: in data that no delivery reads. */
  readonly beside: boolean;
}

/** `undefined` where the body has nothing of theirs. */
export function splitBody(body: Uint8Array, user: StoredUser): Split | undefined {
  const text = bodyText(body);
  const { events } = JSON.parse(text) as { events: unknown[] };
  const texts = user.isHidden(text, events) ? eventTexts(text) : undefined;
  const theirs = events.flatMap((event, index) =>
    (texts === undefined ? user.owns(event) : user.isIn(texts[index]!, event)) ? [{ index, event }] : [],
  );
  const beside = texts !== undefined && user.mentions(text) > user.mentions(`[${texts.join(',')}]`);
  if (theirs.length === 0 && !beside) return undefined;
  const gone = new Set(theirs.map(({ index }) => index));
  return { theirs, others: (texts ?? eventTexts(text)).filter((_, index) => !gone.has(index)), beside };
}

/** Every stored body of a connection, page by page; requests are answered in between. */
export async function* bodiesOf<Batch extends NewBatch & { id: number }>(
  read: (page: BodyPage) => Promise<Batch[]>,
  connection: string,
): AsyncGenerator<Batch> {
  for (let after = 0; ; ) {
    const page = await read({ connection, after, limit: 50 });
    for (const batch of page) {
      yield batch;
      after = batch.id;
      await nextTurn();
    }
    if (page.length === 0) return;
  }
}
