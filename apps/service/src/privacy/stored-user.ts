import { forEachScalar } from '../events/body/event-texts.ts';
import { externalIdOf, indexedId, isUsableId } from '../events/body/external-ids.ts';

/** Number of IDs up to which a text is searched for each of them before its values are read. */
const searchedIds = 8;
/** A number that may have another spelling than its decimal digits. */
const otherSpelling = /\d[.eE]|\d{16}/;

/**
 * A matcher of one user in stored events, or of several.
 *
 * IDs are compared in one form: well-formed, as in Mixpanel, so that `"9\\ud83c"` and U+FFFD in place of its
 * half of a surrogate pair are the same ID. A number is its decimal digits, as in the mapping; one that JSON
 * has rounded matches every ID that it may have been.
 *
 * A JSON text may contain more than `JSON.parse` returns: of a repeated key only the last value is kept. Such
 * a value is never delivered, but it is stored, so the text itself is searched as well. One event too many is
 * better than one too few.
 */
export class StoredUser {
  readonly #ids: ReadonlySet<string>;
  /** The IDs that are numbers. */
  readonly #numbers: ReadonlySet<number>;

  constructor(...externalIds: readonly string[]) {
    this.#ids = new Set(externalIds.map(id => id.toWellFormed()));
    const numbers = [...this.#ids].filter(id => id !== '').map(Number);
    this.#numbers = new Set(numbers.filter(number => !Number.isNaN(number)));
  }

  /** Forms in which the index of kept bodies may have the IDs: as given, and as JSON rounds a long number. */
  get indexed(): readonly string[] {
    return [...new Set([...this.#ids, ...[...this.#numbers].map(indexedId)])];
  }

  /**
   * Matches by `user.external_user_id`. An event without a usable one (a dead letter, most likely) matches
   * when any text or number in it is exactly the ID.
   */
  owns(event: unknown): boolean {
    const given = externalIdOf(event);
    return isUsableId(given) ? this.#isId(given) : this.#countOf(event) > 0;
  }

  /**
   * Matches by the ID that delivery reads. An event without an ID belongs to no user; one whose ID is neither text
   * nor a number is matched as in `owns`.
   */
  isNamedIn(event: unknown): boolean {
    const given = externalIdOf(event);
    const isAbsent =
      given === undefined || given === null || (typeof given === 'string' && !isUsableId(given));
    return !isAbsent && this.owns(event);
  }

  /**
   * Whether the event of this text matches, or its text contains the ID in a place that `JSON.parse` drops.
   */
  isIn(text: string, event: unknown = JSON.parse(text)): boolean {
    return this.owns(event) || this.isHidden(text, event);
  }

  /** Whether the text contains the ID more often than its parsed value. */
  isHidden(text: string, parsed: unknown): boolean {
    const mentions = this.mentions(text);
    return mentions > 0 && mentions > this.#countOf(parsed);
  }

  /** Number of texts and numbers in a JSON text that are the ID, in repeated keys too. */
  mentions(text: string): number {
    if (!this.mayBeIn(text)) return 0;
    let count = 0;
    forEachScalar(text, scalar => {
      const isText = scalar.startsWith('"');
      if ((isText || this.#numbers.size > 0) && this.#isId(JSON.parse(scalar))) count += 1;
    });
    return count;
  }

  /**
   * Whether the text may contain the ID, by a search for it: without escapes a text has one spelling only, but a
   * number has several, and one of 16 digits or more may have been rounded.
   */
  mayBeIn(text: string): boolean {
    if (this.#ids.size > searchedIds || text.includes('\\')) return true;
    for (const id of this.#ids) if (text.includes(id)) return true;
    return this.#numbers.size > 0 && otherSpelling.test(text);
  }

  #isId(value: unknown): boolean {
    if (typeof value === 'string') return this.#ids.has(value) || this.#ids.has(value.toWellFormed());
    if (typeof value !== 'number') return false;
    const rounded = Math.abs(value) > Number.MAX_SAFE_INTEGER;
    return this.#ids.has(String(value)) || (rounded && this.#numbers.has(value));
  }

  /** Counts with a stack of its own: events may nest as deep as JSON may. */
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
