export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** A duration in whole units, rounded down; never less than said. */
export function count(durationMs: number, unitMs: number, unit: string): string {
  const units = Math.floor(durationMs / unitMs);
  return units === 0 ? `less than one ${unit}` : `${units} ${unit}${units === 1 ? '' : 's'}`;
}
