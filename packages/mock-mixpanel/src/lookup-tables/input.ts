import * as z from 'zod';
import { momentSchema } from '../moment.ts';
import type { TableContent } from './lookup-table-store.ts';
import { readTable } from './read-table.ts';

/** A valid CSV text as the content of a table. */
const csv = z.string().transform((text, context): Omit<TableContent, 'replacedAt'> => {
  const read = readTable(text);
  if ('failed' in read) {
    context.addIssue(`must be CSV; row ${read.failed[0]?.index}: ${read.failed[0]?.message}`);
    return z.NEVER;
  }
  const body = new TextEncoder().encode(text);
  return { ...read, body, gzip: false, bytes: body.length };
});

const property = z
  .string()
  .min(1)
  .refine(name => !/^\$?distinct_id$/.test(name), 'must be another property than distinct_id');

const naming = { name: z.string().min(1), properties: z.array(property).default([]) };

/** The body of `PUT /_sim/lookup-tables/:id`. */
export const lookupTableInput = {
  schema: z.strictObject({ ...naming, csv }),
  example: { name: 'Campaigns', properties: ['campaign_id'], csv: 'campaign_id,name\nc1,Welcome\n' },
};

/** A lookup table in a snapshot of the state. */
export const lookupTableState = z.strictObject({ id: z.guid(), ...naming, csv, replacedAt: momentSchema });
