/**
 * `POST /webhooks/mixpanel/:connection`, behind its HTTP door: one page of a cohort that Mixpanel pushes.
 *
 * `success` is answered once the page is on disk, and never before. A cohort that has no sync gets one: to push it is to ask for
 * it. A cohort that was read through the query API is pushed from its first whole list on, and no longer read.
 */

import type { CohortWebhookAnswer, CohortWebhookPage } from '@braze-mixpanel/core/mixpanel';
import { cohortActionSchema, cohortWebhookSchema } from '@braze-mixpanel/core/mixpanel';
import { z } from 'zod';
import { type CohortErrorCode, cohortErrors } from './errors.ts';
import type { SourceMember } from './page.ts';
import { parseJson } from './vendor.ts';

export type WebhookRequest =
  | { readonly kind: 'page'; readonly page: CohortWebhookPage }
  | { readonly kind: 'refused'; readonly action: unknown; readonly detail: string };

/** Reads a body as a page, or says what is wrong with it. Invalid UTF-8 is refused: ids would be changed by reading them. */
export function readWebhookPage(body: Uint8Array): WebhookRequest {
  const text = decode(body);
  const json = text === undefined ? undefined : parseJson(text);
  const action = actionOf(json);
  if (text === undefined) return { kind: 'refused', action, detail: 'the body is not UTF-8' };
  if (json === undefined) return { kind: 'refused', action, detail: 'the body is not JSON' };
  const parsed = cohortWebhookSchema.safeParse(json);
  if (parsed.success) return { kind: 'page', page: parsed.data };
  const detail = cohortActionSchema.safeParse(action).success
    ? z.prettifyError(parsed.error).replaceAll('\n', ' ')
    : `unknown action ${JSON.stringify(action)?.slice(0, 80)}; expected ${cohortActionSchema.options.join(', ')}`;
  return { kind: 'refused', action, detail: detail.slice(0, 500) };
}

export function membersOf({ parameters }: CohortWebhookPage): SourceMember[] {
  return parameters.members.map(properties => ({
    distinctId: Object.hasOwn(properties, 'mixpanel_distinct_id')
      ? properties.mixpanel_distinct_id
      : undefined,
    properties,
  }));
}

export function successAnswer(action: string): CohortWebhookAnswer {
  return { action, status: 'success' };
}

/** Answers of 400, 401, 403 and 404 pause the sync in Mixpanel; 5XX are sent again. */
export function failureAnswer(
  action: unknown,
  code: CohortErrorCode,
  detail = '',
): { status: number; body: CohortWebhookAnswer } {
  const entry: { says: string; status?: number } = cohortErrors[code];
  const status = entry.status ?? 500;
  const message = detail === '' ? entry.says : `${entry.says} (${detail})`;
  return { status, body: { action, status: 'failure', error: { message, code: status } } };
}

function actionOf(json: unknown): unknown {
  return typeof json === 'object' && json !== null && 'action' in json ? json.action : null;
}

function decode(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}
