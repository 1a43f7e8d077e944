import { importedAnswerSchema, refusedAnswerSchema } from '@braze-mixpanel/core/mixpanel';
import type { CodeOf } from '../errors.ts';
import { type Clean, vendorText } from '../vendors/vendor-text.ts';

/** What came back for one request to `/import`. */
export type Exchange =
  | { kind: 'answered'; status: number; body: string; retryAfterMs: number | undefined }
  /** No complete answer: refused connection, time-out, broken off. Mixpanel may have imported all of it. */
  | { kind: 'lost'; why: string };

/** What was sent: the `$insert_id` of each event, in order. */
export type SentIds = readonly string[];

export type Verdict =
  | { kind: 'imported' }
  /** The events at these indexes were refused, with the vendor's words; all others were imported. */
  | { kind: 'partly_refused'; refused: ReadonlyMap<number, string> }
  /** It cannot be told which events were refused: send each half alone. */
  | { kind: 'halve' }
  /** The single event that was sent is refused. */
  | { kind: 'refused'; detail: string }
  /** Refused without a word about events: one of them may be the cause, or the request itself (project, credentials, a proxy). */
  | { kind: 'unexplained'; detail: string }
  /** Nothing is known to be imported: the same request may succeed later. */
  | { kind: 'retry'; code: FailureCode; detail: string; retryAfterMs: number | undefined }
  /** Somebody has to correct credentials or address first. */
  | { kind: 'park'; code: FailureCode; detail: string };

export type FailureCode = CodeOf<'delivery'>;
export type Failure = Extract<Verdict, { kind: 'retry' | 'park' }>;

/**
 * The one place that decides what an answer of Mixpanel means.
 *
 * The answer is judged as it came: a short secret may stand in any answer by chance. What is kept of it has its secrets cut
 * out, before it is shortened: a text that was shortened first may end in half a secret.
 *
 * - 200 settles the request when its count covers everything sent.
 * - 400 with `failed_records`: those, matched by index, die and the rest is imported; where they cannot be matched (strings, a
 *   wrong index or count) the request is halved until single events are refused.
 * - 400 without any names no event: what it means shows only beside the answers to others (see settle-unit.ts).
 * - 413 halves. 401, 403, 404 and other 4XX or 3XX park: set-up, not weather. 408, 429 and 5XX are retried.
 *
 * Sources: Mixpanel, "Import Events" (answers, "the valid rows of a 400 are imported"; retry 429, 502, 503, never a 400).
 */
export function verdictOf(exchange: Exchange, sent: SentIds, withoutSecrets: Clean = text => text): Verdict {
  if (exchange.kind === 'lost') return retry('mixpanel_unreachable', withoutSecrets(exchange.why));
  const { status, body } = exchange;
  const keep: Clean = text => vendorText(text, withoutSecrets);
  const said = keep(body);
  const answered = `Mixpanel answered ${status}${said === '' ? '' : `: ${said}`}`;
  if (status === 200) return imported(body, sent, answered);
  if (status === 400) return refused(body, sent, answered, keep);
  if (status === 413) return unmatched(sent, answered);
  if (status === 401 || status === 403)
    return { kind: 'park', code: 'mixpanel_credentials_refused', detail: answered };
  if (status === 429) return retry('mixpanel_throttled', answered, exchange.retryAfterMs);
  if (status >= 500 || status === 408) return retry('mixpanel_failing', answered, exchange.retryAfterMs);
  if (status >= 300) return { kind: 'park', code: 'mixpanel_address_refused', detail: answered };
  return retry('mixpanel_answer_malformed', answered);
}

function imported(body: string, sent: SentIds, answered: string): Verdict {
  const answer = importedAnswerSchema.safeParse(parse(body));
  if (!answer.success) return retry('mixpanel_answer_malformed', answered);
  return answer.data.num_records_imported >= sent.length ? { kind: 'imported' } : unmatched(sent, answered);
}

function refused(body: string, sent: SentIds, answered: string, keep: Clean): Verdict {
  const parsed = parse(body);
  if (!namesEvents(parsed)) return { kind: 'unexplained', detail: answered };
  const answer = refusedAnswerSchema.safeParse(parsed);
  if (!answer.success) return unmatched(sent, answered);
  const { failed_records: records = [], num_records_imported: count } = answer.data;
  const byIndex = new Map<number, string>();
  for (const record of records) {
    if (typeof record === 'string') return unmatched(sent, answered);
    const expected = sent[record.index];
    if (expected === undefined || (record.insert_id !== '' && record.insert_id !== expected))
      return unmatched(sent, answered);
    const words = [record.field, record.message].filter(Boolean).join(': ');
    byIndex.set(record.index, words === '' ? answered : keep(words));
  }
  const adds = count === undefined || count + byIndex.size === sent.length;
  return byIndex.size > 0 && adds ? { kind: 'partly_refused', refused: byIndex } : unmatched(sent, answered);
}

/** Whether a 400 says anything of events: which ones failed, or that some were imported. */
function namesEvents(answer: unknown): boolean {
  if (typeof answer !== 'object' || answer === null) return false;
  const { failed_records: records, num_records_imported: count } = answer as Record<string, unknown>;
  return (Array.isArray(records) && records.length > 0) || (typeof count === 'number' && count > 0);
}

const unmatched = (sent: SentIds, answered: string): Verdict =>
  sent.length > 1 ? { kind: 'halve' } : { kind: 'refused', detail: answered };

const retry = (code: FailureCode, detail: string, retryAfterMs?: number): Verdict => ({
  kind: 'retry',
  code,
  detail,
  retryAfterMs,
});

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
