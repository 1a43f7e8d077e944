import * as z from 'zod';

/** The body of an error answer of the control API. */
export const errorSchema = z.object({ error: z.string() }).meta({ id: 'Error' });

/** The body of an answer that confirms a deletion. */
export const deletedSchema = z.object({ deleted: z.string() });
