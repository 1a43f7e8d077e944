import * as z from 'zod';

/** The body of an error answer of the control API. */
export const errorSchema = z
  .object({
    error: z.string(),
    /** Of a body or query that is not valid: what is wrong with which field. */
    faults: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .readonly()
      .optional(),
  })
  .meta({ id: 'Error' });

/** The body of an answer that confirms a deletion. */
export const deletedSchema = z.object({ deleted: z.string() });
