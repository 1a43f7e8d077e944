/**
 * What the body of a 2XX of Braze proves about the changes that were sent. Total over any text, and strict: a change counts as accepted
 * only where the body says so.
 *
 * Sources, all Braze docs: "API errors and responses" (`{"message":"success"}` with or without `errors`, whose entries are texts; a fatal
 * error has another message; 202 `{"message":"queued"}` during maintenance), "POST: Track users" (`attributes_processed` is how many
 * were *queued to be processed*, so it is counted before Braze looks for the user: a user that Braze does not know counts). Published clients
 * add the form of an error that names its object: `{type, input_array, index}`. The body of a success of the partner import is not documented.
 */
export type BodyProof =
  /** All changes, but for those at these indexes, which Braze names as refused. */
  | { readonly kind: 'accepted'; readonly refused: readonly number[] }
  /** Fewer objects were processed than were sent and not named as refused. */
  | { readonly kind: 'short'; readonly missing: number }
  /** Braze's own form, and something in it denies the success: nothing of it counts. */
  | { readonly kind: 'contradicted' }
  /** Not a form of Braze. */
  | { readonly kind: 'foreign' };

const foreign: BodyProof = { kind: 'foreign' };
const contradicted: BodyProof = { kind: 'contradicted' };

/** `/users/track` with `sent` attribute objects, and nothing else. */
export function proofOfTrack(body: string, sent: number): BodyProof {
  const answer = brazeAnswer(body);
  if (answer === undefined) return foreign;
  if (!isSuccess(answer.message)) return contradicted;
  const { attributes_processed: processed = null } = answer;
  if (processed !== null && !isCount(processed)) return contradicted;
  const errors = errorsIn(answer);
  const refused = errors.flatMap(error => refusedBy(error, sent) ?? []);
  const remarks = errors.filter(error => typeof error === 'string').length;
  if (refused.length + remarks < errors.length) return contradicted;
  const expected = sent - new Set(refused).size;
  if (processed !== null && processed < expected) return { kind: 'short', missing: expected - processed };
  // A remark that names no object may be about any of them, unless all were processed.
  if (remarks > 0 && processed === null) return contradicted;
  return { kind: 'accepted', refused: [...new Set(refused)].sort((a, b) => a - b) };
}

/** Partner cohort import: no body and `{}` have been seen to mean success as well. */
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

/** An answer in the form that all of Braze's have: an object with a message. */
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

/** The entries of `errors` that say anything at all; one that is no list is its only entry. */
function errorsIn({ errors }: BrazeAnswer): unknown[] {
  return (Array.isArray(errors) ? errors : [errors]).filter(
    error => Boolean(error) && !(isObject(error) && Object.keys(error).length === 0),
  );
}

/** The object that an error names, where it is one that was sent: the attributes are all that was. */
function refusedBy(error: unknown, sent: number): number | undefined {
  if (!isObject(error)) return undefined;
  const { input_array: array = 'attributes', index } = error;
  return array === 'attributes' && isCount(index) && index < sent ? index : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
