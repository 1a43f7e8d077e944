import * as z from 'zod';

/** A query parameter whose text is JSON. */
export const jsonParameter = <Schema extends z.ZodType>(schema: Schema, message: string) =>
  z.string().transform((text, context): z.output<Schema> => {
    try {
      return schema.parse(JSON.parse(text));
    } catch {
      context.addIssue(message);
      return z.NEVER;
    }
  });
