import { z } from 'zod';

/**
 * Answers of `POST /import`, by status. Tolerant: only what a decision rests on is asked for, unknown fields pass.
 * Source: Mixpanel developer documentation, "Import Events", and live answers quoted in public issue threads.
 */

/**
 * One refused event. `index` is its position in the request and the only safe way to find it: some answers spell
 * `$insert_id` inside, some leave it out.
 */
export const failedRecordSchema = z
  .looseObject({
    index: z.int().nonnegative(),
    insert_id: z.string().optional(),
    $insert_id: z.string().optional(),
    field: z.string().optional(),
    message: z.string().optional(),
  })
  .transform(record => ({
    index: record.index,
    insert_id: record.insert_id ?? record.$insert_id ?? '',
    field: record.field ?? '',
    message: record.message ?? '',
  }));

/** 200: everything was imported; with `strict=0` also when invalid events were dropped silently. */
export const importedAnswerSchema = z.looseObject({
  code: z.literal(200).optional(),
  num_records_imported: z.int().nonnegative(),
  status: z.string().optional(),
});

/**
 * 400: events that are not named in `failed_records` were imported. Exception: a project on simplified identity refuses
 * the whole request for one `$identify`, `$create_alias` or `$merge`; then `failed_records` holds strings.
 */
export const refusedAnswerSchema = z.looseObject({
  code: z.literal(400).optional(),
  error: z.string().optional(),
  failed_records: z.union([z.array(failedRecordSchema), z.array(z.string())]).optional(),
  num_records_imported: z.int().nonnegative().optional(),
  status: z.string().optional(),
});

const errorAnswer = <const Code extends number>(code: Code) =>
  z.looseObject({ code: z.literal(code).optional(), error: z.string(), status: z.string().optional() });

/** 401: no valid credentials; nothing was imported. */
export const unauthorizedAnswerSchema = errorAnswer(401);
/** 413: the request's body is over the limit; nothing was imported. */
export const tooLargeAnswerSchema = errorAnswer(413);
/** 429: over the rate of the project; nothing was imported. Retry with exponential back-off. */
export const throttledAnswerSchema = errorAnswer(429);

export type ImportedAnswer = z.infer<typeof importedAnswerSchema>;
export type RefusedAnswer = z.infer<typeof refusedAnswerSchema>;
