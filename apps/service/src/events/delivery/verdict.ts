import {
  type ImportedAnswer,
  importedAnswerSchema,
  refusedAnswerSchema,
  refusesCredentials,
} from '@braze-mixpanel/core/mixpanel';
import type { CodeOf } from '../../errors/catalogue.ts';
import { answerText } from '../../vendor-http/answer-text.ts';
import type { Exchange } from '../../vendor-http/exchange.ts';
import { type Clean, vendorText } from '../../vendor-http/vendor-text.ts';

/** The `$insert_id` of each sent event, in order. */
export type SentIds = readonly string[];

export type Verdict =
  | { kind: 'imported' }
  /** The events at these indexes were refused, with the vendor's message; all others were imported. */
  | { kind: 'partly_refused'; refused: ReadonlyMap<number, string> }
  /**
   * The answer proves nothing about any event. The cause may be one of them, or the request itself (project,
   * credentials, a gateway): only the answers to other requests tell. `failure` is the verdict where every
   * request is answered like this.
   */
  | { kind: 'unexplained'; failure: Failure }
  /** No event is known to be imported: the same request may succeed later. */
  | { kind: 'retry'; code: FailureCode; detail: string; retryAfterMs: number | undefined }
  /** The configuration must be corrected first. */
  | { kind: 'park'; code: FailureCode; detail: string };

export type FailureCode = CodeOf<'delivery'>;
export type Failure = Extract<Verdict, { kind: 'retry' | 'park' }>;
/** An answer in which Mixpanel reports the outcome of every event of the request. */
export type Understood = Extract<Verdict, { kind: 'imported' | 'partly_refused' }>;

/**
 * The verdict on an answer of Mixpanel; no other code interprets one. Total: any status and any body have a
 * verdict.
 *
 * No event counts as imported unless the answer vouches for it. Two answers do, both JSON objects of
 * Mixpanel:
 *
 * - 200 whose count is exactly the number of events that were sent, and in which nothing reports a failed
 *   one: all are imported.
 * - 400 whose `failed_records` name events of this request and whose count is exactly the number of the
 *   others: those are imported.
 *
 * A contradictory answer proves nothing about any event, and neither does a 413 or a 400 in another form:
 * `unexplained`, see settle-unit.ts. A 200 without information about events, and any other 2XX, is not an
 * answer that Mixpanel gives: retried. 401, 403, a 400 about authentication, 402 and other 4XX or 3XX park
 * the connection: the configuration is wrong. 408, 429 and 5XX are retried.
 *
 * The raw answer decides: a short secret may be part of any answer by chance. Quoted parts are made safe by
 * `vendorText`.
 *
 * Sources: Mixpanel, "Import Events" (limits, the valid rows of a 400 are imported, retry 429, 502 and 503,
 * never a 400), its OpenAPI description of `/import` (200, 400, 401, 413, 429, and their fields), "413
 * Payload Too Large" (an event that is too large may come as a 400). A 402 is documented for no API; the
 * query API answers it where the plan includes no API calls.
 */
export function verdictOf(exchange: Exchange, sent: SentIds, withoutSecrets: Clean = text => text): Verdict {
  if (exchange.kind === 'lost')
    return retry('mixpanel_unreachable', vendorText(exchange.why, withoutSecrets));
  const { status, body } = exchange;
  const keep: Clean = text => vendorText(text, withoutSecrets);
  const answered = `Mixpanel returned ${answerText(exchange, withoutSecrets)}`;
  if (status === 200) return received(parse(body), sent, answered);
  if (refusesCredentials(status, body)) return park('mixpanel_credentials_refused', answered);
  if (status === 400) return refused(parse(body), sent, answered, keep);
  if (status === 413) return { kind: 'unexplained', failure: park('mixpanel_refuses_all', answered) };
  if (status === 402) return park('mixpanel_payment_required', answered);
  if (status === 429) return retry('mixpanel_throttled', answered, exchange.retryAfterMs);
  if (status >= 500 || status === 408) return retry('mixpanel_failing', answered, exchange.retryAfterMs);
  if (status >= 300) return park('mixpanel_address_refused', answered);
  return retry('mixpanel_answer_malformed', answered);
}

function received(body: unknown, sent: SentIds, answered: string): Verdict {
  const answer = importedAnswerSchema.safeParse(body);
  if (answer.success && importsAll(answer.data, sent)) return { kind: 'imported' };
  const failure = retry('mixpanel_answer_malformed', answered);
  return isAboutEvents(body) ? { kind: 'unexplained', failure } : failure;
}

function importsAll(answer: ImportedAnswer, sent: SentIds): boolean {
  const { num_records_imported: imported, status = 'OK', error, failed_records: records } = answer;
  const noneFailed = !records || (Array.isArray(records) && records.length === 0);
  return imported === sent.length && noneFailed && !error && /^(?:ok|success)$/i.test(status);
}

/**
 * Whether a body reports how many events were imported, or which were not: then one of them may be the cause.
 */
function isAboutEvents(body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return false;
  return 'num_records_imported' in body || 'failed_records' in body;
}

function refused(body: unknown, sent: SentIds, answered: string, keep: Clean): Verdict {
  const nothing: Verdict = { kind: 'unexplained', failure: park('mixpanel_refuses_all', answered) };
  const answer = refusedAnswerSchema.safeParse(body);
  if (!answer.success) return nothing;
  // An absent count vouches for no event.
  const { failed_records: records = [], num_records_imported: imported = 0 } = answer.data;
  const byIndex = new Map<number, string>();
  for (const record of records) {
    // A text names its event only where the request has no other.
    if (typeof record === 'string' && sent.length > 1) return nothing;
    const { index, insert_id, field, message } =
      typeof record === 'string' ? { index: 0, insert_id: '', field: '', message: record } : record;
    if (index >= sent.length || (insert_id !== '' && insert_id !== sent[index])) return nothing;
    byIndex.set(index, keep([field, message].filter(Boolean).join(': ')) || answered);
  }
  const addsUp = byIndex.size > 0 && imported + byIndex.size === sent.length;
  return addsUp ? { kind: 'partly_refused', refused: byIndex } : nothing;
}

function retry(code: FailureCode, detail: string, retryAfterMs?: number): Failure {
  return { kind: 'retry', code, detail, retryAfterMs };
}

function park(code: FailureCode, detail: string): Failure {
  return { kind: 'park', code, detail };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
