/**
 * The one place that decides what an answer of Braze means.
 *
 * - 2XX: taken. `/users/track` may name refused objects in it; a body that is no JSON came from somewhere else.
 * - 400: one of the changes is refused, and is found by halving; unless the text says that the cohort itself is.
 * - 401, 403: keys. 404 and other 4XX or 3XX: address. Both need somebody.
 * - 408, 423 (the cohort is locked), 429, 5XX, no complete answer: tried again.
 *
 * Sources: Braze docs, "Partner cohort import" (errors 400, 401, 423), "POST: Track users" (201 with `errors`, fatal 400).
 */
import { cohortImportErrors, trackAnswerSchema } from '@braze-mixpanel/core/braze';
import type { CohortErrorCode } from './errors.ts';
import type { SinkAnswer } from './sink.ts';
import { type Exchange, parseJson, vendorText } from './vendor.ts';

const aboutTheCohort = [
  cohortImportErrors.invalidCohortId.message,
  cohortImportErrors.invalidName.message,
  cohortImportErrors.invalidCreatedAt.message,
];

export function verdictOf(exchange: Exchange, secrets: unknown): SinkAnswer {
  if (exchange.kind === 'lost') return again('braze_unreachable', exchange.why);
  const { status, body, retryAfterMs } = exchange;
  const text = vendorText(body, secrets);
  const detail = `Braze answered ${status}${text === '' ? '' : `: ${text}`}`;
  if (status >= 200 && status < 300) return taken(body, detail);
  if (status === 400)
    return aboutTheCohort.some(known => body.includes(known))
      ? stop('braze_request_refused', detail)
      : { kind: 'refused', problem: { code: 'braze_refuses_members', detail } };
  if (status === 413) return { kind: 'refused', problem: { code: 'braze_refuses_members', detail } };
  if (status === 401 || status === 403) return stop('braze_credentials_refused', detail);
  if (status === 423 || status === 429) return again('braze_throttled', detail, retryAfterMs);
  if (status >= 500 || status === 408) return again('braze_failing', detail, retryAfterMs);
  return stop('braze_address_refused', detail);
}

function taken(body: string, detail: string): SinkAnswer {
  const answer = trackAnswerSchema.safeParse(body === '' ? {} : parseJson(body));
  if (!answer.success) return again('braze_failing', `${detail} (not an answer that Braze gives)`);
  const refused = (answer.data.errors ?? []).flatMap(({ input_array, index }) =>
    index !== undefined && (input_array === undefined || input_array === 'attributes') ? [index] : [],
  );
  return { kind: 'taken', refused };
}

function again(code: CohortErrorCode, detail: string, retryAfterMs?: number): SinkAnswer {
  return { kind: 'retry', problem: { code, detail }, retryAfterMs };
}

function stop(code: CohortErrorCode, detail: string): SinkAnswer {
  return { kind: 'stop', problem: { code, detail } };
}
