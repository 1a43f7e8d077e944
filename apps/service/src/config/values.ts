import { isTimeZone } from '@braze-mixpanel/core/mixpanel';
import { parseSourceAddress } from '@braze-mixpanel/currents-files';
import { parseStorageUrl } from '@braze-mixpanel/storage';
import bytes from 'bytes';
import ms from 'ms';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { Secret } from '../secrets/secret.ts';

/**
 * The value types of settings. Each parses text from the environment, and reports what it got and what it
 * expected; the text of a secret is never part of the message.
 */

function read<T>(expected: string, parse: (text: string) => T | undefined) {
  return z.string({ error: `is a list or a map; expected ${expected}.` }).transform((text, context): T => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: `is ${quoted(text)}; expected ${expected}.` });
    return z.NEVER;
  });
}

export const text = () => read('text', value => value);

export const oneOf = <const T extends readonly string[]>(values: T) =>
  read(`one of ${values.join(', ')}`, value => values.find((known): known is T[number] => known === value));

export const wholeNumber = (least: number, most: number) =>
  read(`a whole number from ${least} to ${most}`, value => {
    const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    return number >= least && number <= most ? number : undefined;
  });

/** The ID of a lookup table, in lower case. */
export const lookupTableId = () =>
  read('the ID of a lookup table, for example 55b4fb2b-e8de-466c-930f-8b36640b9b5e', value =>
    /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value) ? value.toLowerCase() : undefined,
  );

/** An amount of money such as `280` or `0.5`. */
export const price = () =>
  read('an amount from 0 to 1000000, for example 280', value => {
    const amount = /^\d{1,7}(\.\d{1,6})?$/.test(value) ? Number(value) : Number.NaN;
    return amount <= 1_000_000 ? amount : undefined;
  });

export const digits = () =>
  read('a number (digits only)', value => (/^\d{1,20}$/.test(value) ? value : undefined));

export const flag = () =>
  read('true or false', value => ({ true: true, '1': true, false: false, '0': false })[value.toLowerCase()]);

export const timeZone = () =>
  read('the name of a time zone, for example Europe/Berlin', value =>
    isTimeZone(value) ? value : undefined,
  );

/** A calendar day such as `2027-01-31`: its start in UTC, in milliseconds since 1970. */
export const day = () =>
  read('a day, for example 2027-01-31', value => {
    const at = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(value) : Number.NaN;
    const exists = !Number.isNaN(at) && new Date(at).toISOString().startsWith(value);
    return exists ? at : undefined;
  });

/** A duration such as `500ms`, `30s`, `2h`, in milliseconds. */
export const duration = (least: ms.StringValue, most: ms.StringValue, example: ms.StringValue) =>
  read(`a duration from ${least} to ${most} with its unit, for example ${example}`, value => {
    const milliseconds = /^\d+(\.\d+)?\s*[a-z]+$/i.test(value) ? ms(value as ms.StringValue) : undefined;
    return milliseconds !== undefined && milliseconds >= ms(least) && milliseconds <= ms(most)
      ? milliseconds
      : undefined;
  });

/** A duration such as `30d`, in milliseconds, or `forever`, which is `undefined`. */
export const retention = (least: ms.StringValue) =>
  z.union([z.literal('forever').transform(() => undefined), duration(least, '3650d', '30d')], {
    error: ({ input }) =>
      `is ${quoted(String(input))}; expected a duration from ${least} to 3650d with its unit, for example 30d, or forever.`,
  });

/** A size such as `10mb`, in bytes; kb, mb and gb are powers of 1,024. */
export const size = (least: string, most: string) =>
  read(`a size from ${least} to ${most}, for example 10mb`, value => {
    const amount = /^\d+(\.\d+)?\s*(b|kb|mb|gb)?$/i.test(value) ? bytes.parse(value) : null;
    return amount !== null && amount >= bytes.parse(least)! && amount <= bytes.parse(most)!
      ? amount
      : undefined;
  });

/**
 * `https://host[:port]`, without a path: paths are appended. The message omits the text, which may contain a
 * password.
 */
export const origin = () =>
  z.string({ error: 'is a list or a map; expected an origin.' }).transform((value, context): string => {
    const url = URL.parse(value);
    const plain =
      url !== null &&
      (url.protocol === 'http:' || url.protocol === 'https:') &&
      url.pathname === '/' &&
      url.search === '' &&
      url.hash === '' &&
      url.username === '' &&
      url.password === '';
    if (plain) return url.origin;
    context.addIssue({
      code: 'custom',
      message:
        'is not an origin; expected https://host or https://host:port, without path, query or credentials.',
    });
    return z.NEVER;
  });

/** A simulator's clock, `http://host:port/_sim/clock`; the origin alone means the same. */
export const clockAddress = () =>
  z.string({ error: 'is a list or a map; expected an address.' }).transform((value, context): string => {
    const url = URL.parse(value);
    const plain = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.search === '';
    if (plain && /^\/(_sim\/clock\/?)?$/.test(url.pathname)) return `${url.origin}/_sim/clock`;
    context.addIssue({
      code: 'custom',
      message: "is not a simulator's clock; expected an address such as http://127.0.0.1:4020/_sim/clock.",
    });
    return z.NEVER;
  });

/** The message omits the text, which may contain a credential. */
export const filesAddress = () =>
  z
    .string({ error: 'is a list or a map; expected an address of files.' })
    .transform((value, context): string => {
      try {
        parseSourceAddress(value);
        return value;
      } catch {
        context.addIssue({
          code: 'custom',
          message:
            'is not an address of files; expected a folder, s3://bucket/prefix, gs://bucket/prefix or azblob://account/container/prefix, without credentials.',
        });
        return z.NEVER;
      }
    });

/** The message omits the text, which may contain a password. */
export const storageUrl = () =>
  z.string({ error: 'is a list or a map; expected sqlite:<path>.' }).transform((value, context): string => {
    const parsed = parseStorageUrl(value);
    if ('fault' in parsed) context.addIssue({ code: 'custom', message: `cannot be used: ${parsed.fault}.` });
    return value;
  });

/** Comma-separated names; blanks around them and empty ones do not count. */
export const list = () =>
  z.string({ error: 'is a map; expected a comma-separated list.' }).transform((value, context): string[] => {
    const names = splitList(value);
    if (names.length === 0)
      context.addIssue({ code: 'custom', message: 'is empty; expected a comma-separated list.' });
    return names;
  });

/** Names by event: a map of the YAML file, or its text as JSON or YAML. */
export const nameMap = (most: number) =>
  z
    .union([z.string(), z.record(z.string(), z.unknown())], { error: `is a list; expected ${aMapOfNames}.` })
    .transform((written, context): ReadonlyMap<string, string> => {
      const entries = Object.entries(typeof written === 'string' ? parsedMap(written) : written);
      const wrong =
        entries.length > most
          ? `has ${entries.length} names; expected at most ${most}.`
          : entries.length === 0 || entries.some(([, name]) => typeof name === 'object' && name !== null)
            ? `is no map of names; expected ${aMapOfNames}.`
            : undefined;
      if (wrong !== undefined) {
        context.addIssue({ code: 'custom', message: wrong });
        return z.NEVER;
      }
      return new Map(entries.map(([event, name]) => [event, String(name ?? '')]));
    });

const aMapOfNames =
  'names in Mixpanel by event, each event once, for example {"RCS Send": "RCS Message Sent"}';

/** The map that a text has; empty where it has none. */
function parsedMap(text: string): object {
  try {
    const parsed = parseDocument(text, { schema: 'failsafe' });
    const map: unknown = parsed.errors.length === 0 ? parsed.toJS() : undefined;
    return typeof map === 'object' && map !== null && !Array.isArray(map) ? map : {};
  } catch {
    return {};
  }
}

export const secret = () =>
  z.string({ error: 'is a list or a map; expected text.' }).transform((value): Secret => new Secret(value));

/** Printable ASCII, which every client can send in a header unchanged. */
const inHeader = /^[\x20-\x7e]*$/;

/** Comma-separated bearer tokens: during a rotation the old and the new one are both valid. */
export const secrets = () =>
  z.string({ error: 'is a map; expected a comma-separated list.' }).transform((value, context): Secret[] => {
    const entries = splitList(value);
    if (entries.length === 0)
      context.addIssue({
        code: 'custom',
        message: 'is empty; expected one or several tokens, comma-separated.',
      });
    if (!entries.every(entry => inHeader.test(entry)))
      context.addIssue({
        code: 'custom',
        message:
          'has a token with characters that an Authorization header does not allow (control or non-ASCII characters); expected letters, digits and punctuation.',
      });
    return entries.map(entry => new Secret(entry));
  });

/** A value as written, shortened: it may be a secret in the wrong setting. */
export const quoted = (text: string): string =>
  JSON.stringify(text.length > 24 ? `${text.slice(0, 24)}…` : text);

export const splitList = (value: string): string[] =>
  value
    .split(',')
    .map(entry => entry.trim())
    .filter(entry => entry !== '');
