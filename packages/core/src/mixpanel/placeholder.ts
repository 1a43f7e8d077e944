/**
 * Ids that look like no person's: what a template left unrendered, what a program writes for a value that it does not have, and what
 * people type into a form that asks for something. Thousands of users may be under such an id. It is only ever noted: the owner of
 * the project may call a user `test`.
 *
 * - Templates, anywhere in the id: `{{…}}` and `{%…%}` (Liquid, as Braze has it), `${…}`, `#{…}`, `<%…%>`, `%%…%%`, `*|…|*`.
 *   Brackets of any kind around the name of a variable and nothing else: `{user_id}`, `<user_id>`, `[user_id]`, `%user_id%`.
 * - Objects written as text: `[object Object]`.
 * - Words for nothing, in any letter case and with blanks, quotes or brackets around them: those that Mixpanel refuses as they are,
 *   `NaN`, `(not set)`, `empty`, …; the names of the field (`user_id`); words of tests (`test`, `dummy`).
 * - Nothing but zeros or nothing but `x`, and a UUID of one repeated digit. Other repeated digits are not: users are numbered, and one
 *   of them is 1111.
 */
import { refusedIds } from './refused-ids.ts';

/** Characters of an id that are looked at: an unrendered template is short, and patterns stay cheap for any id. */
const lookedAt = 256;
const sampleLength = 60;

const template =
  /\{\{.{0,100}?\}\}+|\{%.{0,100}?%\}|\$\{.{0,100}?\}|#\{.{0,100}?\}|<%.{0,100}?%>|%%.{1,100}?%%|\*\|.{1,100}?\|\*/s;
/** At least one of these is in every template. */
const templateSigns = /[{%|]/;
const bracketed =
  /^(?:\{[a-z_$@][\w .$-]*\}|<[a-z_$@][\w .$-]*>|\[[a-z_$@][\w .$-]*\]|%[a-z_$@][\w .$-]*%)$/i;
const repeated = /^(?:00+|xxx+|([0-9a-f])\1{7}(?:-\1{4}){3}-\1{12})$/i;
const around = /^[\s\p{Cc}\p{Cf}"'`()<>[\]{}]+|[\s\p{Cc}\p{Cf}"'`()<>[\]{}]+$/gu;

const words: ReadonlySet<string> = new Set([
  ...refusedIds,
  ...[
    'nan',
    'infinity',
    '-infinity',
    'void',
    'object',
    'string',
    'empty',
    'blank',
    'missing',
    'invalid',
    'error',
    '-',
    '--',
    '?',
  ],
  ...[
    'not set',
    'not_set',
    'notset',
    'not available',
    'no value',
    'n.a.',
    'tbd',
    'todo',
    'guest',
    'nobody',
    'no user',
    'default',
  ],
  ...[
    'id',
    'user',
    'userid',
    'user_id',
    'user-id',
    'user id',
    'external_id',
    'externalid',
    'external_user_id',
    'distinct_id',
  ],
  ...[
    'customer_id',
    'customerid',
    'your_user_id',
    'test',
    'testing',
    'test user',
    'test_user',
    'test-user',
    'testuser',
    'dummy',
  ],
  ...['example', 'sample', 'placeholder', 'foo', 'foobar', 'lorem ipsum'],
]);
const longestWord = 36;

/** The part of an id that looks like a placeholder, cut to a length that can be shown; `undefined` for all other ids. */
export function placeholderIn(id: string): string | undefined {
  const text = id.length > lookedAt ? id.slice(0, lookedAt) : id;
  const found = templateSigns.test(text) ? template.exec(text)?.[0] : undefined;
  if (found !== undefined) return found.slice(0, sampleLength).toWellFormed();
  if (bracketed.test(id) || repeated.test(id)) return id.slice(0, sampleLength);
  // Twice as long: what is around a word is no part of it.
  if (id.length > longestWord * 2) return undefined;
  return words.has(id.replace(around, '').toLowerCase()) ? id : undefined;
}
