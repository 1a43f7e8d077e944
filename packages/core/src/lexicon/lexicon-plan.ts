import type { LexiconEntry, ListedLexiconEntry } from '../mixpanel/lexicon-schemas.ts';
import { isUnchangedSinceMark, record, saysTheSame, withMark } from './entry-mark.ts';

/** What an upload to Lexicon writes, and what it leaves. */
export interface LexiconPlan {
  /** Marked entries that Lexicon lacks, or has in an older form that this function wrote. */
  readonly write: readonly LexiconEntry[];
  /** Names of the entries that say the same already. */
  readonly unchanged: readonly string[];
  /** Names of the entries that a person, or another program, wrote or changed. */
  readonly kept: readonly string[];
  /** Names of properties that are written without a description, since another entry describes them otherwise. */
  readonly keptProperties: readonly string[];
}

/**
 * Compares the entries for Lexicon with those it has. Only entries that are absent, or that were written by this
 * function and not changed since, are to be written; nothing is to be deleted.
 *
 * Lexicon shows one description for a property, whatever its event; whether an upload replaces it is not
 * documented. A property that an entry of someone else describes in other words is therefore written without a
 * description.
 *
 * @param existing the entries that Lexicon has, of any shape
 * @example
 * ```ts
 * import { catalogue2026_07 } from '@braze-mixpanel/core/currents';
 * import { lexiconEntries, lexiconPlan } from '@braze-mixpanel/core/lexicon';
 *
 * const entries = lexiconEntries({ catalogueVersion: catalogue2026_07 });
 * const first = lexiconPlan(entries, []);
 * console.log(lexiconPlan(entries, first.write).write.length); // 0
 * ```
 */
export function lexiconPlan(
  entries: readonly LexiconEntry[],
  existing: readonly ListedLexiconEntry[],
): LexiconPlan {
  const events = existing.filter(({ entityType }) => entityType === 'event');
  const texts = textsByProperty(events.filter(each => !isUnchangedSinceMark(each)));
  const keptProperties = new Set<string>();
  const write: LexiconEntry[] = [];
  const unchanged: string[] = [];
  const kept: string[] = [];
  for (const entry of entries) {
    const described = [...propertyTexts(entry)].filter(([name, text]) => differs(texts.get(name), text));
    const without = new Set(described.map(([name]) => name));
    const written = withoutDescriptions(entry, without);
    const present = events.filter(({ name }) => name === entry.name);
    const isSame = present.every(each => saysTheSame(each, entry) || saysTheSame(each, written));
    if (present.length > 0 && isSame) unchanged.push(entry.name);
    else if (!present.every(isUnchangedSinceMark)) kept.push(entry.name);
    else {
      write.push(withMark(written));
      for (const name of without) keptProperties.add(name);
    }
  }
  return { write, unchanged, kept, keptProperties: [...keptProperties].sort() };
}

/** The names of the described properties of an entry of any shape, with their descriptions. */
function propertyTexts({ schemaJson }: ListedLexiconEntry): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [name, property] of Object.entries(record(record(schemaJson).properties))) {
    const { description } = record(property);
    if (typeof description === 'string' && description !== '') texts.set(name, description);
  }
  return texts;
}

function textsByProperty(entries: readonly ListedLexiconEntry[]): Map<string, string[]> {
  const all = new Map<string, string[]>();
  for (const [name, text] of entries.flatMap(each => [...propertyTexts(each)]))
    all.set(name, [...(all.get(name) ?? []), text]);
  return all;
}

const differs = (texts: readonly string[] = [], own: string) => texts.some(each => each !== own);

function withoutDescriptions(entry: LexiconEntry, names: ReadonlySet<string>): LexiconEntry {
  const properties = Object.entries(entry.schemaJson.properties ?? {}).map(([name, property]) => {
    const { description: _, ...rest } = property;
    return [name, names.has(name) ? rest : property] as const;
  });
  return { ...entry, schemaJson: { ...entry.schemaJson, properties: Object.fromEntries(properties) } };
}
