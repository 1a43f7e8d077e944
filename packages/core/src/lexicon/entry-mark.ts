import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { isJsonObject, type JsonObject } from '../mapping/json-object.ts';
import type { LexiconEntry, ListedLexiconEntry } from '../mixpanel/lexicon-schemas.ts';

const markOf = (digest: string) => `braze-mixpanel sha256:${digest}`;

/**
 * The entry with its mark, in the field `$source`, by which partners identify themselves. The mark has a digest
 * of what the entry says, so that an entry that was changed afterwards no longer counts as ours, whether or not
 * Mixpanel kept the mark.
 */
export function withMark(entry: LexiconEntry): LexiconEntry {
  const { metadata, ...schema } = entry.schemaJson;
  const ours = { ...metadata?.['com.mixpanel'], $source: markOf(digestOf(entry)) };
  return { ...entry, schemaJson: { ...schema, metadata: { ...metadata, 'com.mixpanel': ours } } };
}

/** Whether an entry has a mark, and says the same as when it was marked. */
export function isUnchangedSinceMark(entry: ListedLexiconEntry): boolean {
  const { metadata } = record(entry.schemaJson);
  const { $source } = record(record(metadata)['com.mixpanel']);
  return $source === markOf(digestOf(entry));
}

/** Whether two entries of one name say the same. */
export const saysTheSame = (one: ListedLexiconEntry, other: ListedLexiconEntry): boolean =>
  contentOf(one) === contentOf(other);

/** Enough to tell two texts apart that someone wrote without an intent to collide. */
const digestLength = 16;

function digestOf(entry: ListedLexiconEntry): string {
  return bytesToHex(sha256(new TextEncoder().encode(contentOf(entry)))).slice(0, digestLength);
}

/**
 * What an entry says, as one text: without its mark, without defaults that Mixpanel may add or leave out, and
 * in one order. Total over any value.
 */
function contentOf({ entityType, name, schemaJson }: ListedLexiconEntry): string {
  const { $schema: _, additionalProperties, metadata, ...rest } = record(schemaJson);
  const { 'com.mixpanel': ofMixpanel, ...others } = record(metadata);
  const { $source: __, ...said } = record(ofMixpanel);
  const open = additionalProperties === true ? undefined : { additionalProperties };
  return JSON.stringify([entityType, name, significant([rest, open, others, said])]);
}

function significant(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(significant).filter(each => each !== undefined);
    return items.length === 0 ? undefined : items.sort(byText);
  }
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value)
      .map(([key, each]) => [key, significant(each)] as const)
      .filter(([, each]) => each !== undefined);
    return fields.length === 0 ? undefined : fields.sort(byText);
  }
  return value === null || value === '' || value === false ? undefined : value;
}

const byText = (one: unknown, other: unknown): number => {
  const [left, right] = [JSON.stringify(one), JSON.stringify(other)];
  return left < right ? -1 : left > right ? 1 : 0;
};

/** The value if it is an object, or else an empty one. */
export const record = (value: unknown): Readonly<JsonObject> => (isJsonObject(value) ? value : {});
