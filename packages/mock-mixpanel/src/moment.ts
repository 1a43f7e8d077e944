import * as z from 'zod';

/** A moment in a saved state, in milliseconds since 1970: one that a date can show. */
export const momentSchema = z.number().min(-8.64e15).max(8.64e15);
