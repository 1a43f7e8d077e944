import type { LexiconEntry } from '@braze-mixpanel/core/mixpanel';

/** What Lexicon does with an event: hides it from its menus, or drops it at ingestion (shown as Blocked). */
export interface EventStatus {
  readonly hidden: boolean;
  readonly dropped: boolean;
}

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

  /** Adds an entry, or replaces the one of the same entity except for Mixpanel's metadata that the new one lacks. */
  put(entry: LexiconEntry): void {
    const before = this.#entries.get(keyOf(entry))?.schemaJson.metadata?.['com.mixpanel'];
    this.#entries.set(
      keyOf(entry),
      before === undefined ? entry : withMetadata(entry, { ...before, ...metadataOf(entry) }),
    );
  }

  /** The status of an event; neither hidden nor dropped without an entry. */
  statusOf(name: string): EventStatus {
    const entry = this.#entries.get(keyOf({ entityType: 'event', name }));
    const { hidden = false, dropped = false } = (entry && metadataOf(entry)) ?? {};
    return { hidden, dropped };
  }

  /** Changes the status of an event, as Lexicon's interface does; it gets an entry if it has none. */
  setStatus(name: string, status: Partial<EventStatus>): void {
    const [entry = { entityType: 'event', name, schemaJson: {} }] = this.list('event', name);
    this.put(withMetadata(entry, { ...metadataOf(entry), ...status }));
  }

  delete(entries: readonly LexiconEntry[]): void {
    for (const entry of entries) this.#entries.delete(keyOf(entry));
  }

  reset(): void {
    this.#entries.clear();
  }
}

type Metadata = NonNullable<LexiconEntry['schemaJson']['metadata']>['com.mixpanel'];

const keyOf = ({ entityType, name }: Pick<LexiconEntry, 'entityType' | 'name'>): string =>
  `${entityType}\n${name}`;

const metadataOf = ({ schemaJson }: LexiconEntry): Metadata => schemaJson.metadata?.['com.mixpanel'];

const withMetadata = (entry: LexiconEntry, metadata: Metadata): LexiconEntry => ({
  ...entry,
  schemaJson: {
    ...entry.schemaJson,
    metadata: { ...entry.schemaJson.metadata, 'com.mixpanel': metadata },
  },
});
