import type { StoredName } from '@braze-mixpanel/storage';

/** An unknown event type or an unlisted property. */
export type UnlistedName = Pick<StoredName, 'kind' | 'name'>;

const longestName = 100;

/** The names of a row's events that the catalogue version lacks, each once, cut to 100 characters. */
export class UnlistedNames {
  readonly #names = new Map<string, UnlistedName>();

  addType(event: unknown): void {
    this.#add('event_type', typeOf(event));
  }

  addProperties(event: unknown, properties: readonly string[]): void {
    for (const property of properties) this.#add('property', `${typeOf(event)} ${property}`);
  }

  list(): readonly UnlistedName[] {
    return [...this.#names.values()];
  }

  #add(kind: UnlistedName['kind'], written: string): void {
    // Storage accepts neither halves of surrogate pairs nor U+0000.
    const name = written.slice(0, longestName).toWellFormed().replaceAll('\0', '\ufffd');
    this.#names.set(`${kind} ${name}`, { kind, name });
  }
}

const typeOf = (event: unknown) => String((event as { event_type?: unknown }).event_type);
