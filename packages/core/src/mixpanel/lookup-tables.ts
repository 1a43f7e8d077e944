/**
 * Mixpanel's Lookup Tables API, which lists tables and replaces their contents. A table is created in Mixpanel's
 * interface.
 *
 * Sources: https://docs.mixpanel.com/reference/replace-lookup-table and its page "Lookup Tables"; read in 2026.
 */
import { z } from 'zod';

/**
 * Limits of lookup tables.
 *
 * @see https://docs.mixpanel.com/reference/replace-lookup-table
 */
export const lookupTableLimits = {
  /** Uncompressed size of one table. */
  bytes: 100 * 1024 * 1024,
  /** Rows of all tables of a project. */
  rowsOfProject: 5_000_000,
  /** Replacements in a rolling day. */
  replacementsPerDay: 100,
} as const;

/**
 * Schema of the list of tables.
 *
 * @see https://docs.mixpanel.com/reference/list-lookup-tables
 */
export const lookupTableListSchema = z.looseObject({
  results: z.array(z.looseObject({ id: z.string(), name: z.string() })),
});
