import { isBlank } from '@braze-mixpanel/core/mixpanel';
import { forEachScalar } from '../events/body/event-texts.ts';

/**
 * One user, as stored events name them.
 *
 * Ids are compared in one form: well-formed, which is what Mixpanel has, so that `"9\\ud83c"` and U+FFFD in place of its half of a
 * surrogate pair are the same id. A number is its decimal digits, as in the mapping; one that JSON has rounded is every id that it
 * may have been.
 *
 * A JSON text may say more than `JSON.parse` keeps of it: of a key that an object repeats only the last value stays. Such a value is
 * delivered nowhere, but it is stored, so the text itself is searched as well. Better one event too many than one too few.
 */
export class StoredUser {
  readonly #id: string;
  /** What the id is as a number, where it is one. */
  readonly #number: number;

  constructor(externalId: string) {
    this.#id = externalId.toWellFormed();
    this.#number = this.#id === '' ? Number.NaN : Number(this.#id);
  }

  /**
   * By `user.external_user_id`. An event without a usable one there (a dead letter, most likely) is theirs when any text or number in
   * it is exactly the id.
   */
  owns(event: unknown): boolean {
    const given = at(at(event, 'user'), 'external_user_id');
    const usable = (typeof given === 'string' && !isBlank(given)) || typeof given === 'number';
    return usable ? this.#isId(given) : this.#countOf(event) > 0;
  }

  /** The event of this text is theirs, or its text names them where `JSON.parse` looks away. */
  isIn(text: string, event: unknown = JSON.parse(text)): boolean {
    return this.owns(event) || this.isHidden(text, event);
  }

  /** Whether the text names them more often than what was parsed from it. */
  isHidden(text: string, parsed: unknown): boolean {
    const mentions = this.mentions(text);
    return mentions > 0 && mentions > this.#countOf(parsed);
  }

  /** How many texts and numbers of a JSON text are the id, in repeated keys too. */
  mentions(text: string): number {
    if (!this.#mayBeIn(text)) return 0;
    let count = 0;
    forEachScalar(text, scalar => {
      const isText = scalar.startsWith('"');
      if ((isText || !Number.isNaN(this.#number)) && this.#isId(JSON.parse(scalar))) count += 1;
    });
    return count;
  }

  /** Without an escape a text is spelled in one way only; a number is spelled in several. */
  #mayBeIn(text: string): boolean {
    return !Number.isNaN(this.#number) || text.includes('\\') || text.includes(this.#id);
  }

  #isId(value: unknown): boolean {
    if (typeof value === 'string') return value === this.#id || value.toWellFormed() === this.#id;
    if (typeof value !== 'number') return false;
    const rounded = Math.abs(value) > Number.MAX_SAFE_INTEGER;
    return String(value) === this.#id || (rounded && value === this.#number);
  }

  /** With a stack of its own: events may nest as deep as JSON may. */
  #countOf(value: unknown): number {
    let count = 0;
    const open = [value];
    while (open.length > 0) {
      const next = open.pop();
      if (this.#isId(next)) count += 1;
      if (typeof next === 'object' && next !== null)
        for (const inner of Object.values(next)) open.push(inner);
    }
    return count;
  }
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
