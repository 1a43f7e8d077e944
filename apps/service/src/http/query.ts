import { z } from 'zod';

/** A whole number as a query has it. */
export const whole = z
  .string()
  .regex(/^\d{1,15}$/, { error: 'expected a whole number' })
  .transform(Number);

/** A name of ours as a query has it, such as a connection's or a reason's: short, and a text that any storage takes. */
export const plainName = z.string().regex(/^[^\p{Cc}\p{Cs}]{0,200}$/u, {
  error: 'expected at most 200 characters, without control characters',
});

const momentExpected = 'expected a day or a moment, such as 2026-01-31 or 2026-01-31T12:00:00Z';

/** A moment of ISO 8601, a day or with a time, in milliseconds since 1970. Without a zone it is UTC, wherever the machine is. */
export const moment = z
  .union([z.iso.date(), z.iso.datetime({ offset: true, local: true })], { error: momentExpected })
  .transform(text => Date.parse(/^[^T]*T[^Z+-]*$/.test(text) ? `${text}Z` : text))
  .pipe(z.int({ error: momentExpected }));

/** Faults that a refusal names, and characters that it takes of each name that came. */
const faultsShown = 5;
const shownOfName = 40;

/**
 * Which parts of an input are wrong, the first few of them, then what is `expected` of all; never a value that came. Short, whatever
 * was sent.
 */
export function wrong({ issues }: z.ZodError, expected?: string): string {
  const each = issues.slice(0, faultsShown).map(sentenceOf);
  return [...each.filter(sentence => sentence !== ''), ...(expected === undefined ? [] : [expected])].join(
    ' ',
  );
}

function sentenceOf(whole: z.core.$ZodIssue): string {
  const issue = nearestOf(whole);
  if (issue.code === 'unrecognized_keys') {
    const more = issue.keys.length > faultsShown ? ', …' : '';
    return `${issue.keys.slice(0, faultsShown).map(cut).join(', ')}${more}: not known here.`;
  }
  const { path, message } = issue;
  if (path.length === 0) return '';
  return `${path.slice(0, faultsShown).map(cut).join('.')}: ${message.replace('Invalid input: ', '')}.`;
}

const cut = (name: PropertyKey): string => {
  const text = String(name);
  return text.length > shownOfName ? `${text.slice(0, shownOfName)}…` : text;
};

/** Of what fits none of several forms the first that came near enough to have a sentence of its own. */
function nearestOf(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue;
  const near = issue.errors.flat().find(({ code }) => code === 'custom');
  return near === undefined ? issue : { ...near, path: [...issue.path, ...near.path] };
}
