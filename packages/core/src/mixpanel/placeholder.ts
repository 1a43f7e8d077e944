/**
 * Placeholder IDs: an unrendered template, a program's text for a missing value, or a word that people type
 * into a mandatory field. Thousands of users may share such an ID. It causes a note, never a refusal: a real
 * user may be called `test`.
 *
 * - Templates, anywhere in the ID: `{{…}}` and `{%…%}` (Liquid, which Braze uses), `${…}`, `#{…}`, `<%…%>`,
 *   `%%…%%`, `*|…|*`. Brackets of any kind around nothing but the name of a variable: `{user_id}`,
 *   `<user_id>`, `[user_id]`, `%user_id%`.
 * - Objects converted to text: `[object Object]`.
 * - Words for a missing value, in any letter case and with blanks, quotes or brackets around them: those that
 *   Mixpanel rejects itself, `NaN`, `(not set)`, `empty`, …; the names of the field (`user_id`); words of
 *   tests (`test`, `dummy`).
 * - Only zeros, only `x`, or a UUID of one repeated digit. Not other repeated digits: user 1111 may exist.
 */
import { refusedIds } from './refused-ids.ts';

/**
 * Characters of an ID that are searched: an unrendered template is short, and the patterns stay cheap for any
 * ID.
 */
const lookedAt = 256;
const sampleLength = 60;

const template =
  /\{\{.{0,100}?\}\}+|\{%.{0,100}?%\}|\$\{.{0,100}?\}|#\{.{0,100}?\}|<%.{0,100}?%>|%%.{1,100}?%%|\*\|.{1,100}?\|\*/s;
/** Every template contains at least one of these. */
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
/** Most IDs: no template sign, bracket, quote or blank. */
const ordinary = /^[\w@.+:-]*$/;

/**
 * Part of an ID that looks like a placeholder or an unrendered template, at most 60 characters of it;
 * `undefined` for any other ID.
 *
 * @example
 * ```ts
 * import { placeholderIn } from '@braze-mixpanel/core/mixpanel';
 *
 * console.log(placeholderIn('user-{{${user_id}}}'), placeholderIn('ada')); // {{${user_id}}} undefined
 * ```
 */
export function placeholderIn(id: string): string | undefined {
  if (ordinary.test(id)) {
    const found = repeated.test(id) || (id.length <= longestWord && words.has(id.toLowerCase()));
    return found ? id.slice(0, sampleLength) : undefined;
  }
  const text = id.length > lookedAt ? id.slice(0, lookedAt) : id;
  const found = templateSigns.test(text) ? template.exec(text)?.[0] : undefined;
  if (found !== undefined) return found.slice(0, sampleLength).toWellFormed();
  if (bracketed.test(id) || repeated.test(id)) return id.slice(0, sampleLength);
  // Twice as long, for the characters around the word.
  if (id.length > longestWord * 2) return undefined;
  return words.has(id.replace(around, '').toLowerCase()) ? id : undefined;
}
