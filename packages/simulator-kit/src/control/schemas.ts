import * as z from 'zod';

/** The body of an answer to a control request that was refused. */
export const errorSchema = z.object({ error: z.string() }).meta({ id: 'Error' });

/** The body of an answer to a control request that deleted something. */
export const deletedSchema = z.object({ deleted: z.string() });
