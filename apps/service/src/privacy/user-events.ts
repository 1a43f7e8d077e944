import { setImmediate as nextTurn } from 'node:timers/promises';
import { eventTexts } from '../dead-letters/event-texts.ts';
import { bodyText } from '../ingest/envelope.ts';
import type { BodyPage, NewBatch } from '../storage/types.ts';

/**
 * Whether an event is this user's: by `user.external_user_id`, a number standing for its digits as in the mapping. An event without a
 * usable one there (a dead letter, most likely) is theirs when any text or number in it is exactly the id: better one too many.
 */
export function isOf(externalId: string): (event: unknown) => boolean {
  const isId = (value: unknown) =>
    value === externalId || (typeof value === 'number' && String(value) === externalId);
  return event => {
    const given = at(at(event, 'user'), 'external_user_id');
    if ((typeof given === 'string' && given !== '') || typeof given === 'number') return isId(given);
    return anywhere(event, isId);
  };
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

/** With a stack of its own: events may nest as deep as JSON may. */
function anywhere(value: unknown, found: (value: unknown) => boolean): boolean {
  const open = [value];
  for (let next = open.pop(); open.length > 0 || next !== undefined; next = open.pop()) {
    if (found(next)) return true;
    if (typeof next === 'object' && next !== null) for (const inner of Object.values(next)) open.push(inner);
  }
  return false;
}

/** One user's events in a stored body, and the texts of all others. */
export interface Split {
  readonly theirs: { readonly index: number; readonly event: unknown }[];
  readonly others: string[];
}

/** `undefined` where the body has none of theirs. */
export function splitBody(body: Uint8Array, isTheirs: (event: unknown) => boolean): Split | undefined {
  const text = bodyText(body);
  const { events } = JSON.parse(text) as { events: unknown[] };
  const theirs = events.flatMap((event, index) => (isTheirs(event) ? [{ index, event }] : []));
  if (theirs.length === 0) return undefined;
  const gone = new Set(theirs.map(({ index }) => index));
  return { theirs, others: eventTexts(text).filter((_, index) => !gone.has(index)) };
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
