import type { LexiconEntry } from '@braze-mixpanel/core/mixpanel';

/** The entries of the data dictionary, by the kind and the name of their entity. */
export class SchemaStore {
  readonly #entries = new Map<string, LexiconEntry>();

  list(entityType?: string, name?: string): LexiconEntry[] {
    return [...this.#entries.values()].filter(
      each =>
        (entityType === undefined || each.entityType === entityType) &&
        (name === undefined || each.name === name),
    );
  }

  /** Adds an entry, or replaces the one of the same entity as a whole. */
  put(entry: LexiconEntry): void {
    this.#entries.set(keyOf(entry), entry);
  }

  delete(entries: readonly LexiconEntry[]): void {
    for (const entry of entries) this.#entries.delete(keyOf(entry));
  }

  reset(): void {
    this.#entries.clear();
  }
}

const keyOf = ({ entityType, name }: LexiconEntry): string => `${entityType}\n${name}`;
