import { z } from 'zod';

/** A whole number in a query. */
export const whole = z
  .string()
  .regex(/^\d{1,15}$/, { error: 'expected a whole number' })
  .transform(Number);

/** Maximum of entries of one page. */
export const pageLimit = whole.pipe(z.int().min(1).max(1_000)).prefault('100');

/** A name in a query, such as a connection or a reason: short, and text that every storage accepts. */
export const plainName = z.string().regex(/^[^\p{Cc}\p{Cs}]{0,200}$/u, {
  error: 'expected at most 200 characters, without control characters',
});

const momentExpected = 'expected a day or a time, such as 2026-01-31 or 2026-01-31T12:00:00Z';

/**
 * A moment of ISO 8601, a day or with a time, in milliseconds since 1970. Without a zone it is UTC, in any
 * zone of the machine.
 */
export const moment = z
  .union([z.iso.date(), z.iso.datetime({ offset: true, local: true })], { error: momentExpected })
  .transform(text => Date.parse(/^[^T]*T[^Z+-]*$/.test(text) ? `${text}Z` : text))
  .pipe(z.int({ error: momentExpected }));

/** Maximum of faults in a refusal, and of characters of each name. */
const faultsShown = 5;
const shownOfName = 40;

/**
 * The message of a refusal: the first few faults of an input, then what is `expected`. It never contains a
 * value of the input, and its length is bounded.
 */
export function wrong({ issues }: z.ZodError, expected?: string): string {
  const each = issues.slice(0, faultsShown).map(messageOf);
  return [...each.filter(sentence => sentence !== ''), ...(expected === undefined ? [] : [expected])].join(
    ' ',
  );
}

function messageOf(whole: z.core.$ZodIssue): string {
  const issue = nearestOf(whole);
  if (issue.code === 'unrecognized_keys') {
    const more = issue.keys.length > faultsShown ? ', …' : '';
    return `${issue.keys.slice(0, faultsShown).map(cut).join(', ')}${more}: unknown parameter.`;
  }
  const { path, message } = issue;
  if (path.length === 0) return '';
  return `${path.slice(0, faultsShown).map(cut).join('.')}: ${message.replace('Invalid input: ', '')}.`;
}

const cut = (name: PropertyKey): string => {
  const text = String(name);
  return text.length > shownOfName ? `${text.slice(0, shownOfName)}…` : text;
};

/** For an input that matches no member of a union: the first fault with a message of its own. */
function nearestOf(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue;
  const near = issue.errors.flat().find(({ code }) => code === 'custom');
  return near === undefined ? issue : { ...near, path: [...issue.path, ...near.path] };
}
