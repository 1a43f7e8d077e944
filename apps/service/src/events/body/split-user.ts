import { eventSpans } from './event-texts.ts';
import { bodyOf, bodyText } from './stored-body.ts';

/** A test for one user in the text of events. */
interface UserMatcher {
  /** How often the text contains an identifier of the user. */
  mentions(text: string): number;
  /** Whether the event belongs to the user; `event` is its parsed text. */
  isIn(original: string, event?: unknown): boolean;
}

/** One user's events in a stored body, and the body without them. */
export interface Split {
  /** `text` is the event's JSON text. */
  readonly theirs: { readonly index: number; readonly event: unknown; readonly text: string }[];
  readonly rest: () => Uint8Array<ArrayBuffer>;
  /** Whether the body contains the user's identifiers outside its events, in data that delivery ignores. */
  readonly beside: boolean;
}

/**
 * Splits one user's events from a stored body; `undefined` where the body has nothing of the user. Only
 * events that contain an identifier of the user are parsed: a body may hold more or larger events than fit
 * into memory at once (see split-batch.ts and delivery/handle-alone.ts).
 */
export function splitBody(body: Uint8Array, user: UserMatcher): Split | undefined {
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
      theirs.push({ index, event, text: original });
      rest.endRun();
    } else rest.add(from, to);
    index += 1;
  }
  const beside = mentions > inEvents;
  return theirs.length === 0 && !beside ? undefined : { theirs, rest: () => bodyOf(rest.ended()), beside };
}

/** Events of a body as runs of neighbours, so that many events need little memory. */
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

  ended(): readonly string[] {
    this.endRun();
    return this.#runs;
  }
}
