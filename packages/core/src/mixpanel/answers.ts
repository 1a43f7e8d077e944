/**
 * Responses of `POST /import`, by status. The schemas require only the fields that a decision depends on;
 * unknown fields pass.
 *
 * Sources: https://developer.mixpanel.com/reference/import-events,
 * https://docs.mixpanel.com/troubleshooting/errors, and live responses quoted in public issue threads.
 */
import { z } from 'zod';

/**
 * Schema of one entry of `failed_records`: an event that Mixpanel rejected. Only `index`, the event's
 * position in the request, identifies it: some responses name the field `$insert_id`, some omit it. Absent
 * texts become `''`.
 *
 * @see https://developer.mixpanel.com/reference/import-events
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

/**
 * Schema of a 200: Mixpanel imported every event. With `strict=0` it also answers 200 when it dropped invalid
 * events.
 *
 * @see https://developer.mixpanel.com/reference/import-events
 */
export const importedAnswerSchema = z.looseObject({
  code: z.literal(200).optional(),
  num_records_imported: z.int().nonnegative(),
  status: z.string().optional(),
});

/**
 * Schema of a 400: Mixpanel imported the events that `failed_records` does not name. Exception: a project on
 * simplified identity rejects the whole request for one `$identify`, `$create_alias` or `$merge`;
 * `failed_records` then contains strings, as others observed it; the interface description has objects.
 *
 * @see https://docs.mixpanel.com/troubleshooting/errors/400-bad-request
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

/**
 * Schema of a 401: the credentials are invalid, nothing was imported.
 *
 * @see https://developer.mixpanel.com/reference/import-events
 */
export const unauthorizedAnswerSchema = errorAnswer(401);
/**
 * Schema of a 413: the request's body exceeds `importLimits.requestBytes`, nothing was imported.
 *
 * @see https://developer.mixpanel.com/reference/import-events
 */
export const tooLargeAnswerSchema = errorAnswer(413);
/**
 * Schema of a 429: the project's rate limit is exceeded, nothing was imported. Retry with exponential
 * back-off.
 *
 * @see https://developer.mixpanel.com/reference/import-events
 */
export const throttledAnswerSchema = errorAnswer(429);

/**
 * Whether an answer of any API of Mixpanel refuses the credentials: 401, 403, or a 400 whose `error` begins
 * with the refusal and that names no records. Mixpanel answers 400 `Unable to authenticate request` for a
 * service account that has expired.
 *
 * Only the beginning counts: an error may quote an event. Total over any text.
 *
 * Not documented; observed by users of the query API and of the raw export.
 *
 * @example
 * ```ts
 * import { refusesCredentials } from '@braze-mixpanel/core/mixpanel';
 *
 * console.log(refusesCredentials(400, '{"error":"Unable to authenticate request"}')); // true
 * ```
 */
export function refusesCredentials(status: number, body: string): boolean {
  if (status === 401 || status === 403) return true;
  if (status !== 400) return false;
  const answer = credentialsAnswerSchema.safeParse(jsonOf(body));
  return answer.success && aboutCredentials.test(answer.data.error);
}

const credentialsAnswerSchema = z.object({ error: z.string(), failed_records: z.undefined().optional() });
const aboutCredentials =
  /^\s*(?:unable to authenticate|unauthori[sz]ed|authentication (?:failed|required))\b/i;

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Parsed body of a 200 of `POST /import`. */
export type ImportedAnswer = z.infer<typeof importedAnswerSchema>;
/** Parsed body of a 400 of `POST /import`. */
export type RefusedAnswer = z.infer<typeof refusedAnswerSchema>;

/**
 * Whether the raw export refuses the last day as later than today. Days are UTC's, or those of the time zone
 * of a project created before 2023.
 *
 * Not documented; observed by published connectors.
 *
 * @example
 * ```ts
 * import { refusesDayAsFuture } from '@braze-mixpanel/core/mixpanel';
 *
 * console.log(refusesDayAsFuture(400, '{"error":"to_date cannot be later than today"}')); // true
 * ```
 */
export function refusesDayAsFuture(status: number, body: string): boolean {
  return status === 400 && /\bto_date cannot be later than today/i.test(body);
}
