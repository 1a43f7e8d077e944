/**
 * The verdict on an answer of Braze: its proof about the sent changes. No other code interprets one. Total
 * over any status and any body; the table of docs/vendor-answers.md has the same rules, and its test compares
 * both.
 *
 * - 2XX: by its body (`proofOfTrack`, `proofOfImport`). A body in another form proves nothing.
 * - 400 in Braze's form: one of the changes is refused, unless the text says that the cohort itself is. 400
 *   in any other form and 413 come from a gateway or proxy before Braze, and prove nothing.
 * - 401, 403: keys. 404 and other 4XX or 3XX: address. An operator must act.
 * - 408, 423 (the cohort is locked), 429, 5XX, no complete answer: tried again.
 *
 * Sources: Braze docs, "Partner cohort import" (errors 400, 401, 423), "POST: Track users" (fatal 400), "API
 * errors and responses".
 */
import {
  type BodyProof,
  brazeAnswer,
  cohortImportErrors,
  proofOfImport,
  proofOfTrack,
  readBackOf,
} from '@braze-mixpanel/core/braze';
import type { MemberChange } from '@braze-mixpanel/core/cohorts';
import type { CohortErrorCode } from '../../errors/cohort-errors.ts';
import { answerText } from '../../vendor-http/answer-text.ts';
import type { Exchange } from '../../vendor-http/exchange.ts';
import { type Clean, vendorText } from '../../vendor-http/vendor-text.ts';
import type { SinkKind } from '../connection.ts';
import type { ReadBackAnswer, SinkAnswer } from './sink.ts';

const aboutTheCohort = [
  cohortImportErrors.invalidCohortId.message,
  cohortImportErrors.invalidName.message,
  cohortImportErrors.invalidCreatedAt.message,
];

interface Sent {
  readonly to: SinkKind;
  readonly changes: number;
}

export function verdictOf(exchange: Exchange, sent: Sent, withoutSecrets: Clean): SinkAnswer {
  if (exchange.kind === 'lost') {
    const answer = retry('braze_unreachable', exchange.why);
    return exchange.unsent ? answer : { ...answer, mayApply: true };
  }
  const { status, body, retryAfterMs } = exchange;
  const text = answerText(exchange, withoutSecrets);
  const detail = `Braze returned ${text}`;
  const foreign = `the response was ${text}${body.trim() === '' ? ' without a body' : ''}`;
  if (status >= 200 && status < 300) {
    const proof = sent.to === 'track' ? proofOfTrack(body, sent.changes) : proofOfImport(body);
    return provenBy(proof, { detail, foreign, withoutSecrets });
  }
  if (status === 413) return unproven('braze_answer_foreign', foreign);
  if (status === 400) {
    if (brazeAnswer(body) === undefined) return unproven('braze_answer_foreign', foreign);
    return aboutTheCohort.some(known => body.includes(known))
      ? stop('braze_request_refused', detail)
      : { kind: 'refused', problem: { code: 'braze_refuses_members', detail } };
  }
  if (status === 401 || status === 403) return stop('braze_credentials_refused', detail);
  if (status === 423 || status === 429) return retry('braze_throttled', detail, retryAfterMs);
  if (status >= 500 || status === 408) return retry('braze_failing', detail, retryAfterMs);
  return stop('braze_address_refused', detail);
}

/**
 * The verdict on an answer of `/users/export/ids` about accepted changes. A key without this permission is no
 * failure: the result is unknown then.
 */
export function readBackVerdict(
  exchange: Exchange,
  { changes, attribute }: { readonly changes: readonly MemberChange[]; readonly attribute: string },
  withoutSecrets: Clean,
): ReadBackAnswer {
  if (exchange.kind === 'lost') return { kind: 'unknown', why: exchange.why, later: true };
  const { status, body } = exchange;
  if (status === 401 || status === 403)
    return { kind: 'unknown', why: 'the REST key lacks the permission users.export.ids', later: false };
  const shown = status >= 200 && status < 300 ? readBackOf(body, changes, attribute) : undefined;
  if (shown) return { kind: 'read', ...shown };
  const why = `/users/export/ids returned ${answerText(exchange, withoutSecrets)}`;
  return { kind: 'unknown', why, later: status === 408 || status === 429 || status >= 500 };
}

function provenBy(
  proof: BodyProof,
  { detail, foreign, withoutSecrets }: { detail: string; foreign: string; withoutSecrets: Clean },
): SinkAnswer {
  if (proof.kind === 'accepted')
    return { ...proof, ...(proof.messages && { messages: shown(proof.messages, withoutSecrets) }) };
  if (proof.kind === 'foreign') return { ...retry('braze_answer_foreign', foreign), mayApply: true };
  return { ...unproven('braze_answer_contradicts', detail), short: proof.kind === 'short' };
}

/** The messages of Braze, by index, without secrets and truncated. */
function shown(messages: Readonly<Record<number, string>>, withoutSecrets: Clean): Record<number, string> {
  return Object.fromEntries(
    Object.entries(messages).map(([index, text]) => [index, vendorText(text, withoutSecrets)]),
  );
}

function unproven(code: CohortErrorCode, detail: string) {
  return { kind: 'unproven', problem: { code, detail }, short: false } as const;
}

function retry(code: CohortErrorCode, detail: string, retryAfterMs?: number) {
  return { kind: 'retry', problem: { code, detail }, retryAfterMs } as const;
}

function stop(code: CohortErrorCode, detail: string): SinkAnswer {
  return { kind: 'stop', problem: { code, detail } };
}
