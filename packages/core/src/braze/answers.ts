/**
 * Proof that the body of a 2XX of Braze gives about the changes of the request. Strict: a change counts as
 * accepted only if the body confirms it.
 *
 * - The body of a success is `{"message":"success"}`, with or without `errors`, a list of texts; a fatal
 *   error has another message; during maintenance Braze answers 202 with `{"message":"queued"}`. Source:
 *   https://www.braze.com/docs/api/errors/
 * - `attributes_processed` is the number of objects *queued to be processed*. Braze counts before it looks up
 *   the user: unknown users count. Source:
 *   https://www.braze.com/docs/api/endpoints/user_data/post_user_track/
 * - An error that names its object has the form `{type, input_array, index}`. Source: published clients.
 * - The body of a successful partner import is not documented.
 */
export type BodyProof =
  /** Braze accepted all changes except those at the indexes `refused`, from 0; `messages` has its texts by index. */
  | {
      readonly kind: 'accepted';
      readonly refused: readonly number[];
      readonly messages?: Readonly<Record<number, string>>;
    }
  /** Braze processed `missing` objects fewer than were sent and not named as refused. */
  | { readonly kind: 'short'; readonly missing: number }
  /** A response of Braze in which something contradicts the success: it confirms nothing. */
  | { readonly kind: 'contradicted' }
  /** Not a response of Braze. */
  | { readonly kind: 'foreign' };

const foreign: BodyProof = { kind: 'foreign' };
const contradicted: BodyProof = { kind: 'contradicted' };

/**
 * Proof by the body of a 2XX of `/users/track`. Accepts any text and never throws.
 *
 * @param sent number of attribute objects in the request, which contained nothing else
 * @see https://www.braze.com/docs/api/endpoints/user_data/post_user_track/
 * @example
 * ```ts
 * import { proofOfTrack } from '@braze-mixpanel/core/braze';
 *
 * const body = '{"message":"success","attributes_processed":2}';
 * console.log(proofOfTrack(body, 2).kind, proofOfTrack(body, 3).kind); // accepted short
 * ```
 */
export function proofOfTrack(body: string, sent: number): BodyProof {
  const answer = brazeAnswer(body);
  if (answer === undefined) return foreign;
  if (!isSuccess(answer.message)) return contradicted;
  const { attributes_processed: processed = null } = answer;
  if (processed !== null && !isCount(processed)) return contradicted;
  const errors = errorsIn(answer);
  const named = errors.flatMap(error => refusedBy(error, sent) ?? []);
  const remarks = errors.filter(error => typeof error === 'string').length;
  if (named.length + remarks < errors.length) return contradicted;
  const messages: Record<number, string> = Object.fromEntries(named.map(({ index, text }) => [index, text]));
  const refused = Object.keys(messages).map(Number);
  const expected = sent - refused.length;
  if (processed !== null && processed < expected) return { kind: 'short', missing: expected - processed };
  // An error that names no object may concern any of them, unless all were processed.
  if (remarks > 0 && processed === null) return contradicted;
  return refused.length === 0 ? { kind: 'accepted', refused } : { kind: 'accepted', refused, messages };
}

/**
 * Proof by the body of a 2XX of the partner cohort import. An empty body and `{}` have been observed for a
 * success, too. Accepts any text and never throws.
 *
 * @see https://www.braze.com/docs/partners/isv_partners/cohort_import
 * @example
 * ```ts
 * import { proofOfImport } from '@braze-mixpanel/core/braze';
 *
 * console.log(proofOfImport('{"message":"success"}').kind, proofOfImport('<html>').kind); // accepted foreign
 * ```
 */
export function proofOfImport(body: string): BodyProof {
  if (/^\s*(?:\{\s*\}\s*)?$/.test(body)) return { kind: 'accepted', refused: [] };
  const answer = brazeAnswer(body);
  if (answer === undefined) return foreign;
  return isSuccess(answer.message) && errorsIn(answer).length === 0
    ? { kind: 'accepted', refused: [] }
    : contradicted;
}

interface BrazeAnswer {
  readonly message: string;
  readonly attributes_processed?: unknown;
  readonly errors?: unknown;
}

/**
 * Body of a response of Braze: a JSON object with a `message` that is not blank. `undefined` for any other
 * text.
 *
 * @see https://www.braze.com/docs/api/errors/
 * @example
 * ```ts
 * import { brazeAnswer } from '@braze-mixpanel/core/braze';
 *
 * console.log(brazeAnswer('{"message":"success"}')?.message, brazeAnswer('<html>')); // success undefined
 * ```
 */
export function brazeAnswer(body: string): BrazeAnswer | undefined {
  try {
    const json: unknown = JSON.parse(body);
    return isObject(json) && typeof json.message === 'string' && json.message.trim() !== ''
      ? { ...json, message: json.message }
      : undefined;
  } catch {
    return undefined;
  }
}

function isSuccess(message: string): boolean {
  return /^\s*(?:success|queued)\W*$/i.test(message);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** The entries of `errors` that are not empty. A value that is not a list is the only entry. */
function errorsIn({ errors }: BrazeAnswer): unknown[] {
  return (Array.isArray(errors) ? errors : [errors]).filter(
    error => Boolean(error) && !(isObject(error) && Object.keys(error).length === 0),
  );
}

/** The object that an error names, if it was sent, and the error's text: the request had attributes only. */
function refusedBy(error: unknown, sent: number): { index: number; text: string } | undefined {
  if (!isObject(error)) return undefined;
  const { input_array: array = 'attributes', index, type } = error;
  if (array !== 'attributes' || !isCount(index) || index >= sent) return undefined;
  return { index, text: typeof type === 'string' ? type : '' };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
