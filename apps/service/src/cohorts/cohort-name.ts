/** Of a name, as it is stored, shown, and sent to Braze: more than Mixpanel shows of one. */
const longestName = 255;

/**
 * The name of a cohort as a person can read it: without control characters, halves of surrogate pairs and blanks around it, and cut.
 * `undefined` where nothing of it can be seen (a tab, a no-break space, a byte order mark): Braze refuses such a name for ever, so the
 * cohort goes by its id.
 */
export function readableName(name: string | null | undefined): string | undefined {
  const start = name?.slice(0, 4 * longestName).toWellFormed() ?? '';
  const plain = start.replace(/\p{Cc}+/gu, ' ').trim();
  if (!/[^\p{Z}\p{C}]/u.test(plain)) return undefined;
  return [...plain].slice(0, longestName).join('').trimEnd();
}
