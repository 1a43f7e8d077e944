import type { Queryable } from '../server/database.ts';
import { read, stored } from '../server/types-on-the-wire.ts';

/**
 * Mapping options under which batches were accepted, stored once per text. They are few and never change, so
 * they are cached.
 */
export class Profiles {
  readonly #ids = new Map<string, number>();
  readonly #texts = new Map<number, string>();

  /** Stores a new text in a transaction of its own; an unused text does no harm. */
  async idOf(database: Queryable, text: string): Promise<number> {
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    const find = () =>
      database.query<{ id: number }>('SELECT id FROM profile WHERE sha256(text) = sha256($1)', [
        stored(text),
      ]);
    const add = () =>
      database.query<{ id: number }>(
        'INSERT INTO profile (text) VALUES ($1) ON CONFLICT DO NOTHING RETURNING id',
        [stored(text)],
      );
    const [row] = [...(await find()), ...(await add()), ...(await find())];
    if (row === undefined) throw new Error('a profile was stored and is not there');
    this.#remember(row.id, text);
    return row.id;
  }

  /** The texts of the profiles that these rows refer to. */
  async textsOf(
    database: Queryable,
    rows: readonly { profile: number }[],
  ): Promise<ReadonlyMap<number, string>> {
    const unknown = [...new Set(rows.map(({ profile }) => profile))].filter(id => !this.#texts.has(id));
    if (unknown.length > 0) {
      const rows = await database.query<{ id: number; text: Uint8Array }>(
        'SELECT id, text FROM profile WHERE id = ANY ($1)',
        [unknown],
      );
      for (const { id, text } of rows) this.#remember(id, read(text));
    }
    return this.#texts;
  }

  #remember(id: number, text: string): void {
    this.#ids.set(text, id);
    this.#texts.set(id, text);
  }
}
