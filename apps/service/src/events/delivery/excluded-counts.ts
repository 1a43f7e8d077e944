/**
 * Skipped events by exclusion. They are stored with the counts of notes, whose keys are free, under a prefix
 * that no kind of note has; so they are written with the outcome of a batch, once.
 */
const prefix = 'excluded: ';

/** The key of an exclusion among the counts of notes. */
export const excludedKey = (rule: string): string => prefix + rule;

type Counts = Readonly<Record<string, number>>;

/** The counts of notes, and apart from them the skipped events by exclusion. */
export function splitNotes(counts: Counts): { readonly notes: Counts; readonly excluded: Counts } {
  const entries = Object.entries(counts);
  const isExclusion = ([key]: (typeof entries)[number]) => key.startsWith(prefix);
  return {
    notes: Object.fromEntries(entries.filter(entry => !isExclusion(entry))),
    excluded: Object.fromEntries(
      entries.filter(isExclusion).map(([key, events]) => [key.slice(prefix.length), events]),
    ),
  };
}
