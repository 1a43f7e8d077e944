/** The value below which the share `part` (0 to 1) of the sorted values lies; 0 for an empty list. */
export function quantile(sorted: readonly number[] | Float64Array, part: number): number {
  if (sorted.length === 0) return 0;
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
