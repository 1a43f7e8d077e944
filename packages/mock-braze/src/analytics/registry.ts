/** The campaigns or Canvases of a workspace: known since their first emission, or made by the control API. */
import { shortText } from './emitted.ts';

/** What campaigns and Canvases have in common. Times are milliseconds since 1970 of the simulation clock. */
export interface Entry {
  readonly id: string;
  name: string;
  description: string;
  tags: readonly string[];
  archived: boolean;
  enabled: boolean;
  /** Unknown to the API, though events of it may still be emitted. */
  deleted: boolean;
  readonly createdAt: number;
  updatedAt: number;
  /** Times of the earliest and the latest event that sent or entered; undefined without one. */
  firstAt: number | undefined;
  lastAt: number | undefined;
  /** The name in Currents until a time, after which they have the present one; undefined if events keep theirs. */
  inCurrents: { readonly name: string | null; readonly until: number } | undefined;
}

/** A change by the control API. Omitted fields stay. */
export interface Change {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly archived?: boolean | undefined;
  readonly enabled?: boolean | undefined;
}

/** What Currents send after a new name, and for how many milliseconds. */
export interface Lag {
  readonly sends: 'old' | 'null';
  readonly ms: number;
}

/**
 * Maximum number of entries that events make, since each emitted event may have an ID of its own. The control API can
 * make more. A choice: a thousand take 5 MB.
 */
export const mostEntries = 1_000;

export class Registry<Item extends Entry> {
  readonly #items = new Map<string, Item>();
  readonly #now: () => number;
  readonly #make: (entry: Entry) => Item;
  #renamed = 0;
  #isCut = false;

  /** @param make adds the fields of its kind to a new entry. */
  constructor(now: () => number, make: (entry: Entry) => Item) {
    this.#now = now;
    this.#make = make;
  }

  /** Whether events of some entry get another name. */
  get renames(): boolean {
    return this.#renamed > 0;
  }

  /** Whether an event had a further ID that is not kept. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** All entries, deleted ones too, in order of creation. */
  all(): Item[] {
    return [...this.#items.values()];
  }

  /** The entry that the API knows; undefined for an unknown or deleted one. */
  get(id: string): Item | undefined {
    const item = this.#items.get(id);
    return item?.deleted ? undefined : item;
  }

  /**
   * The entry of an emitted event, which is created if the ID is new. Undefined if there are `mostEntries`
   * others: their analytics are not kept.
   */
  seen(id: string, name: unknown): Item | undefined {
    const known = this.#items.get(id);
    if (known) return known;
    if (this.#items.size >= mostEntries) {
      this.#isCut = true;
      return undefined;
    }
    return this.#create(id, shortText(name) ?? id);
  }

  /**
   * Creates or changes an entry. From then on, events have its name: a new entry's at once, a changed one
   * after the lag. A deleted entry is known again.
   */
  put(id: string, change: Change, lag: Lag): Item {
    const known = this.#items.get(id);
    const item = known ?? this.#create(id, change.name ?? id);
    const now = this.#now();
    if (change.name !== undefined) this.#rename(item, change.name, known === undefined ? undefined : lag);
    item.description = change.description ?? item.description;
    item.tags = change.tags ?? item.tags;
    item.archived = change.archived ?? item.archived;
    item.enabled = change.enabled ?? item.enabled;
    item.deleted = false;
    item.updatedAt = now;
    return item;
  }

  /** Returns false if the API does not know it. */
  delete(id: string): boolean {
    const item = this.get(id);
    if (item) item.deleted = true;
    return item !== undefined;
  }

  /** The name that an event of this ID has in Currents; undefined if the event keeps its own. */
  nameInCurrents(id: string): string | null | undefined {
    const item = this.#items.get(id);
    if (item?.inCurrents === undefined) return undefined;
    return this.#now() < item.inCurrents.until ? item.inCurrents.name : item.name;
  }

  /** Takes over that further IDs were not kept. */
  restoreCut(): void {
    this.#isCut = true;
  }

  restore(item: Item): void {
    this.#items.set(item.id, item);
    if (item.inCurrents) this.#renamed += 1;
  }

  clear(): void {
    this.#items.clear();
    this.#renamed = 0;
    this.#isCut = false;
  }

  #create(id: string, name: string): Item {
    const now = this.#now();
    const item = this.#make({
      ...{ id, name, description: '', tags: [], archived: false, enabled: true, deleted: false },
      ...{ createdAt: now, updatedAt: now, firstAt: undefined, lastAt: undefined, inCurrents: undefined },
    });
    this.#items.set(id, item);
    return item;
  }

  #rename(item: Item, name: string, lag: Lag | undefined): void {
    const now = this.#now();
    const shown = this.nameInCurrents(item.id);
    if (item.inCurrents === undefined) this.#renamed += 1;
    const old = shown === undefined ? item.name : shown;
    item.inCurrents = lag
      ? { name: lag.sends === 'null' ? null : old, until: now + lag.ms }
      : { name, until: now };
    item.name = name;
  }
}

/** Extends the times of sending by one. */
export function touch(entry: Entry, time: number): void {
  entry.firstAt = Math.min(entry.firstAt ?? time, time);
  entry.lastAt = Math.max(entry.lastAt ?? time, time);
}
