import { count, inWords } from '../parts/format.ts';
import { isRecord } from '../parts/is-record.ts';

/** A field of an entry in words, with its value in words. */
type Field = readonly [name: string, value: string];

/** The details of an entry as fields; those of a record within have its name in front. */
export function fieldsOf(detail: Readonly<Record<string, unknown>>, within = ''): readonly Field[] {
  return Object.entries(detail).flatMap(([key, value]): readonly Field[] => {
    const name = within === '' ? nameOf(key) : `${within}, ${nameOf(key).toLowerCase()}`;
    return isRecord(value) && Object.keys(value).length > 0
      ? fieldsOf(value, name)
      : [[name, wordsOf(value)]];
  });
}

/** The details of an entry in one line. */
export const sentenceOf = (detail: Readonly<Record<string, unknown>>): string =>
  fieldsOf(detail)
    .map(([name, value]) => `${name}: ${value}`)
    .join(' · ');

/** Names of the API that users read as another word. */
const wordOf: Readonly<Record<string, string>> = { pending: 'waiting' };

/** `deadLetters` becomes `Dead letters`, `brazeIds` becomes `Braze IDs`. */
const nameOf = (key: string): string =>
  inWords(
    (wordOf[key] ?? key)
      .replaceAll(/([a-z])([A-Z])/g, (_, end: string, next: string) => `${end} ${next.toLowerCase()}`)
      .replaceAll(/\bid(s?)\b/gi, 'ID$1'),
  );

function wordsOf(value: unknown): string {
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return Number.isSafeInteger(value) ? count(value) : String(value);
  if (typeof value === 'string') return value === '' ? 'empty' : value;
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(wordsOf).join(', ');
  return isRecord(value) && Object.keys(value).length > 0 ? sentenceOf(value) : 'none';
}
