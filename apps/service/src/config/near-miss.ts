/** Most names in a suggestion. */
const most = 3;

/** The candidates nearest to a misspelt name, best first, for "did you mean …?"; case-insensitive. */
function nearMisses(written: string, candidates: Iterable<string>, allowed: number): string[] {
  const wanted = written.toLowerCase();
  return [...candidates]
    .filter(candidate => Math.abs(candidate.length - wanted.length) <= allowed)
    .map(candidate => ({ candidate, distance: editDistance(wanted, candidate.toLowerCase(), allowed) }))
    .filter(({ distance }) => distance <= allowed)
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, most)
    .map(({ candidate }) => candidate);
}

/** Suffix of a message: ` Did you mean a or b?`, or empty. */
export function didYouMean(
  written: string,
  candidates: Iterable<string>,
  distance = Math.max(2, Math.floor(written.length / 4)),
): string {
  const near = nearMisses(written, candidates, distance);
  return near.length === 0 ? '' : ` Did you mean ${near.join(' or ')}?`;
}

/**
 * Levenshtein distance: insertions, deletions and replacements from one text to the other. Infinite as soon
 * as it is certain to be above `allowed`: a start compares each variable of the environment with all settings.
 */
function editDistance(from: string, to: string, allowed: number): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = previous[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1);
      const distance = Math.min(previous[column]! + 1, current[column - 1]! + 1, replaced);
      current.push(distance);
      least = Math.min(least, distance);
    }
    if (least > allowed) return Number.POSITIVE_INFINITY;
    previous = current;
  }
  return previous[to.length]!;
}
