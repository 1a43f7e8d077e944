import * as z from 'zod';

/** The schema of a query parameter with JSON text. */
export const jsonParameter = <Schema extends z.ZodType>(schema: Schema, message: string) =>
  z.string().transform((text, context): z.output<Schema> => {
    try {
      return schema.parse(JSON.parse(text));
    } catch {
      context.addIssue(message);
      return z.NEVER;
    }
  });
