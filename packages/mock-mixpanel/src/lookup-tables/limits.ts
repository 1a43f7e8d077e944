/**
 * Limits of lookup tables.
 *
 * Sources: Mixpanel developer documentation, "Replace a Lookup Table" (bytes, requests), and documentation, "Lookup
 * Tables" (rows); read 2026-08.
 */
export const lookupTableLimits = {
  /** Uncompressed size of one table. */
  bytes: 100 * 1024 * 1024,
  /** Rows of all tables of a project. */
  rowsOfProject: 5_000_000,
  /** Replacements in a rolling day. */
  replacementsPerDay: 100,
} as const;
