/** Maximum of characters of a name, as it is stored, shown, and sent to Braze: more than Mixpanel shows. */
const longestName = 255;

/**
 * The name of a cohort for display: without control characters, halves of surrogate pairs and outer blanks,
 * and truncated. `undefined` where nothing of it is visible (a tab, a no-break space, a byte order mark):
 * Braze always refuses such a name, so the cohort's ID is used.
 */
export function readableName(name: string | null | undefined): string | undefined {
  const start = name?.slice(0, 4 * longestName).toWellFormed() ?? '';
  const plain = start.replace(/\p{Cc}+/gu, ' ').trim();
  if (!/[^\p{Z}\p{C}]/u.test(plain)) return undefined;
  return [...plain].slice(0, longestName).join('').trimEnd();
}
