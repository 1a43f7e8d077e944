/** Numbers, sizes and spans of time as text, each with its unit. */

/** What stands for a value that is not known. */
const unknown = 'not known';

const plain = new Intl.NumberFormat('en-US');

/** A number with separators, such as `1,234`. */
export const count = (value: number | null | undefined): string =>
  value === null || value === undefined ? unknown : plain.format(value);

const small = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

/** A number in few characters, such as `1.2K`. */
export const compact = (value: number): string => small.format(value);

/** A number with its noun, such as `1 event` or `2 events`. */
export const counted = (value: number, noun: string, nouns = `${noun}s`): string =>
  `${plain.format(value)} ${value === 1 ? noun : nouns}`;

/** Bytes in decimal units, such as `1.4 kB`. */
export function bytes(value: number): string {
  if (value < 1_000) return `${value} B`;
  const [unit, size] =
    value < 1_000_000 ? ['kB', 1_000] : value < 1_000_000_000 ? ['MB', 1_000_000] : ['GB', 1_000_000_000];
  return `${(value / Number(size)).toFixed(1)} ${unit}`;
}

/** Milliseconds of a request, such as `12 ms` or `1.2 s`. */
export const milliseconds = (value: number): string =>
  value < 1_000 ? `${Math.round(value)} ms` : `${(value / 1_000).toFixed(1)} s`;

const steps = [
  { unit: 'd', ms: 86_400_000 },
  { unit: 'h', ms: 3_600_000 },
  { unit: 'min', ms: 60_000 },
  { unit: 's', ms: 1_000 },
] as const;

/** A span in its two largest units, such as `1 h 12 min` or `8 s`. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000)) * 1_000;
  const first = steps.findIndex(each => seconds >= each.ms);
  if (first === -1) return '0 s';
  const largest = steps[first]!;
  const whole = Math.floor(seconds / largest.ms);
  const next = steps[first + 1];
  const rest = next === undefined ? 0 : Math.floor((seconds - whole * largest.ms) / next.ms);
  // Seconds beside minutes would change with every look.
  const isShown = rest > 0 && next !== undefined && next.unit !== 's';
  return `${whole} ${largest.unit}${isShown ? ` ${rest} ${next.unit}` : ''}`;
}

/** Milliseconds exactly, such as `250 ms` or `1 min 30 s`: unlike {@link span} it leaves out nothing. The API reads such text. */
export function duration(ms: number): string {
  let rest = ms;
  const parts = [...steps, { unit: 'ms', ms: 1 }].flatMap(step => {
    const number = Math.floor(rest / step.ms);
    rest -= number * step.ms;
    return number === 0 ? [] : [`${number} ${step.unit}`];
  });
  return parts.length === 0 ? '0 ms' : parts.join(' ');
}

/** A moment as seen from another, such as `8 s ago`, `in 2 h` or `now`. */
export function relative(at: number, now: number): string {
  const ms = now - at;
  if (Math.abs(ms) < 1_000) return 'now';
  return ms > 0 ? `${span(ms)} ago` : `in ${span(-ms)}`;
}

const characters = 160;

/** A text from outside in one line of bounded length. */
export const short = (text: string, length = characters): string =>
  inLines(text.length > length ? `${text.slice(0, length)}…` : text);

/** Characters that change the direction of writing, and would reorder what follows, or that cannot be seen. */
const unseen = /[\p{Cc}\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu;

/** The escape of an unseen character. A joiner within a Persian word or an emoji is part of the writing, and stays. */
function escaped(each: string, index: number, text: string): string {
  const isJoiner = each === '\u200c' || each === '\u200d';
  if (isJoiner && isBeyondAscii(text[index - 1]) && isBeyondAscii(text[index + 1])) return each;
  return `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

const isBeyondAscii = (unit = ''): boolean => unit > '\u007f';

/** A text with escapes for the characters that cannot be seen, such as an ID. */
export const visible = (text: string): string => text.replace(unseen, escaped);

/** As {@link visible}, with its line breaks and tabs. */
export const inLines = (text: string): string =>
  text.replace(unseen, (each, index: number) =>
    each === '\n' || each === '\r' || each === '\t' ? each : escaped(each, index, text),
  );

/** JSON with line breaks, or a text as it is. */
export function jsonText(value: unknown): string {
  return inLines(typeof value === 'string' ? value : (JSON.stringify(value, undefined, 2) ?? 'undefined'));
}

/** Names of vendors, which codes have in lower case; in the name of a server, such as `mock-braze`, they stay. */
const vendors = /(?<![\w-])(braze|mixpanel)(?![\w-])/g;

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A code in words: `refused_by_mixpanel` becomes `Refused by Mixpanel`. */
export function inWords(code: string): string {
  return capitalized(code.replaceAll('_', ' ').replace(vendors, capitalized));
}
