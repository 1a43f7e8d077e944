/**
 * The body of `POST /webhooks/mixpanel/:connection`: one page of a cohort that Mixpanel pushes.
 *
 * `success` is answered only once the page is on disk. A cohort without a sync gets one. A cohort that was
 * read through the query API becomes a pushed one with its first whole list.
 */

import { joinSurrogates } from '@braze-mixpanel/core/http';
import { checkInput, faultSentences } from '@braze-mixpanel/core/input';
import type { CohortWebhookAnswer, CohortWebhookPage } from '@braze-mixpanel/core/mixpanel';
import { cohortActionSchema, cohortWebhookLimits, cohortWebhookSchema } from '@braze-mixpanel/core/mixpanel';
import { type CohortErrorCode, cohortErrors } from '../errors/cohort-errors.ts';
import { withDetail } from '../errors/with-detail.ts';
import { hasTooManyValues, mostValues } from '../events/ingest/many-values.ts';
import { parseJson } from '../vendor-http/exchange.ts';

export type WebhookRequest =
  | { readonly kind: 'page'; readonly page: CohortWebhookPage }
  | {
      readonly kind: 'refused';
      readonly code: 'webhook_malformed' | 'webhook_page_too_large';
      readonly action: unknown;
      readonly detail: string;
    };

const { mostMembersPerPage } = cohortWebhookLimits;

/**
 * A body as a page, or its faults. Sizes are checked before contents. Invalid UTF-8 is refused: decoding
 * would change IDs.
 */
export function readWebhookPage(body: Uint8Array): WebhookRequest {
  if (hasTooManyValues(body)) return tooLarge(null, `over ${mostValues} values`);
  const text = decode(body);
  if (text === undefined) return malformed(null, 'the body is not UTF-8');
  const json = parseJson(text);
  if (json === undefined) return malformed(null, 'the body is not JSON');
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return malformed(null, 'the body must be a JSON object');
  const action = valueAt(json, 'action') ?? null;
  const members = valueAt(valueAt(json, 'parameters'), 'members');
  if (Array.isArray(members) && members.length > mostMembersPerPage)
    return tooLarge(action, `${members.length} members`);
  if (!cohortActionSchema.safeParse(action).success)
    return malformed(
      action,
      `unknown action ${shown(action)}; expected ${cohortActionSchema.options.join(', ')}`,
    );
  const parsed = checkInput(cohortWebhookSchema, json);
  if (parsed.success) return { kind: 'page', page: parsed.data };
  return malformed(action, faultSentences(parsed.faults, 'The body'));
}

export function successAnswer(action: string): CohortWebhookAnswer {
  return { action, status: 'success' };
}

/** Answers of 400, 401, 403 and 404 pause the sync in Mixpanel; 429 and 5XX are sent again. */
export function failureAnswer(
  action: unknown,
  code: CohortErrorCode,
  detail = '',
): { status: number; body: CohortWebhookAnswer } {
  const entry: { message: string; status?: number } = cohortErrors[code];
  const status = entry.status ?? 500;
  const message = withDetail(entry.message, detail.slice(0, mostDetail));
  return { status, body: { action: echoed(action), status: 'failure', error: { message, code: status } } };
}

/** Bounds that keep answers below a kilobyte. */
const mostDetail = 300;
const mostEchoed = 40;

const echoed = (action: unknown): string | null =>
  typeof action === 'string' && action.length <= mostEchoed ? action : null;

function shown(action: unknown): string {
  if (typeof action === 'string') return JSON.stringify(action.slice(0, mostEchoed));
  return action === null ? 'null' : `of type ${Array.isArray(action) ? 'list' : typeof action}`;
}

const malformed = (action: unknown, detail: string): WebhookRequest => ({
  ...{ kind: 'refused', code: 'webhook_malformed', action, detail },
});
const tooLarge = (action: unknown, detail: string): WebhookRequest => ({
  ...{ kind: 'refused', code: 'webhook_page_too_large', action, detail },
});

function valueAt(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

function decode(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(joinSurrogates(body));
  } catch {
    return undefined;
  }
}
