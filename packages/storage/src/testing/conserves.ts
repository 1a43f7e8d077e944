import type { ConnectionCounts } from '../ports/index.ts';

/** Whether every accepted event was imported, skipped or dead-lettered, or is pending. */
export function conserves({ accepted, imported, skipped, deadLettered, pending }: ConnectionCounts): boolean {
  return accepted === imported + sum(skipped) + sum(deadLettered) + pending;
}

export const sum = (counts: Record<string, number>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);
