import { z } from 'zod';

export const dataImportKeySchema = z.strictObject({
  id: z.string().min(1),
  key: z.string().min(1),
  state: z.enum(['active', 'invalidated']),
  /** ISO 8601, on the simulation clock. */
  created_at: z.string(),
});

/**
 * The keys with which a partner may import cohorts (Technology Partners → Mixpanel). Generating creates a key
 * next to the existing ones, so that keys can be rotated without a pause; renewing also invalidates the
 * others.
 */
export type DataImportKey = Readonly<z.output<typeof dataImportKeySchema>>;

/** The initial data import key (`client_secret`) of the main workspace. */
export const defaultDataImportKey = 'braze-data-import-key';

export class DataImportKeys {
  #keys: DataImportKey[] = [];
  #made = 0;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  list(): readonly DataImportKey[] {
    return this.#keys;
  }

  isActive(key: string): boolean {
    return this.#keys.some(known => known.key === key && known.state === 'active');
  }

  /** Adds an active key, or replaces the one with the same text. */
  generate(key?: string): DataImportKey {
    this.#made += 1;
    const made: DataImportKey = {
      id: `key-${this.#made}`,
      key: key ?? `${defaultDataImportKey}-${this.#made}`,
      state: 'active',
      created_at: new Date(this.#now()).toISOString(),
    };
    this.#keys = [...this.#keys.filter(known => known.key !== made.key), made];
    return made;
  }

  renew(key?: string): DataImportKey {
    for (const known of this.#keys) this.invalidate(known.id);
    return this.generate(key);
  }

  /** Invalidates a key by its ID or its text; returns `undefined` if there is none. */
  invalidate(idOrKey: string): DataImportKey | undefined {
    const known = this.#keys.find(({ id, key }) => id === idOrKey || key === idOrKey);
    if (!known) return undefined;
    const invalidated: DataImportKey = { ...known, state: 'invalidated' };
    this.#keys = this.#keys.map(key => (key === known ? invalidated : key));
    return invalidated;
  }

  restore(keys: readonly DataImportKey[]): void {
    this.#keys = [...keys];
    this.#made = keys.length;
  }
}
