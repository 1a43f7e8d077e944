import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BodyPage, NewBatch } from '@braze-mixpanel/storage';
import { eventSpans } from '../events/body/event-texts.ts';
import { bodyText } from '../events/ingest/envelope.ts';
import type { StoredUser } from './stored-user.ts';

/** One user's events in a stored body, and the body without them. */
export interface Split {
  readonly theirs: { readonly index: number; readonly event: unknown }[];
  readonly rest: string;
  /** The body names the user outside its events: in data that no delivery reads. */
  readonly beside: boolean;
}

/**
 * `undefined` where the body has nothing of theirs. Only events that name the user are parsed: a body may hold more of them, or larger
 * ones, than the memory takes at once (see delivery/split-batch.ts and handle-alone.ts).
 */
export function splitBody(body: Uint8Array, user: StoredUser): Split | undefined {
  const text = bodyText(body);
  const mentions = user.mentions(text);
  if (mentions === 0) return undefined;
  const theirs: Split['theirs'] = [];
  const rest = new Runs(text);
  let inEvents = 0;
  let index = 0;
  for (const { from, to } of eventSpans(text)) {
    const original = text.slice(from, to);
    const here = user.mentions(original);
    const event: unknown = here > 0 ? JSON.parse(original) : undefined;
    inEvents += here;
    if (here > 0 && user.isIn(original, event)) {
      theirs.push({ index, event });
      rest.endRun();
    } else rest.add(from, to);
    index += 1;
  }
  const beside = mentions > inEvents;
  return theirs.length === 0 && !beside
    ? undefined
    : { theirs, rest: `{"events":[${rest.joined()}]}`, beside };
}

/** Events of a body as runs of neighbours: however many they are, they take no memory. */
class Runs {
  readonly #text: string;
  readonly #runs: string[] = [];
  #from = -1;
  #to = -1;

  constructor(text: string) {
    this.#text = text;
  }

  add(from: number, to: number): void {
    if (this.#from === -1) this.#from = from;
    this.#to = to;
  }

  endRun(): void {
    if (this.#from !== -1) this.#runs.push(this.#text.slice(this.#from, this.#to));
    this.#from = -1;
  }

  joined(): string {
    this.endRun();
    return this.#runs.join(',');
  }
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
