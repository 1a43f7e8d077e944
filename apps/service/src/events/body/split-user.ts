import { eventSpans } from './event-texts.ts';
import { bodyOf, bodyText } from './stored-body.ts';

/** How a user is recognised in the text of events. */
interface UserMatcher {
  /** How often the text names the user. */
  mentions(text: string): number;
  /** Whether the event is the user's; `event` is its parsed text. */
  isIn(original: string, event?: unknown): boolean;
}

/** One user's events in a stored body, and the body without them. */
export interface Split {
  readonly theirs: { readonly index: number; readonly event: unknown }[];
  readonly rest: () => Uint8Array<ArrayBuffer>;
  /** The body names the user outside its events: in data that no delivery reads. */
  readonly beside: boolean;
}

/**
 * `undefined` where the body has nothing of theirs. Only events that name the user are parsed: a body may hold more of them, or larger
 * ones, than the memory takes at once (see split-batch.ts and delivery/handle-alone.ts).
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
      theirs.push({ index, event });
      rest.endRun();
    } else rest.add(from, to);
    index += 1;
  }
  const beside = mentions > inEvents;
  return theirs.length === 0 && !beside ? undefined : { theirs, rest: () => bodyOf(rest.ended()), beside };
}

/** Events of a body as runs of neighbours, so that many of them need little memory. */
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
