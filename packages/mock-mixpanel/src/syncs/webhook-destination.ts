import { cohortWebhookLimits, type WebhookAction } from '@braze-mixpanel/core/mixpanel';
import { parseJson } from '@braze-mixpanel/simulator-kit';
import * as z from 'zod';
import type { Properties } from '../cohorts/cohort-store.ts';
import {
  type CohortExport,
  type Destination,
  type DestinationSettings,
  judgeStatus,
  type OutgoingRequest,
  type Verdict,
} from './destination.ts';

/** Properties with a field of their own in a webhook's member, by the name of that field. */
const namedFields: Readonly<Record<string, string>> = {
  $email: 'email',
  $first_name: 'first_name',
  $last_name: 'last_name',
  $phone: 'phone_number',
};

const answerSchema = z.looseObject({
  status: z.enum(['success', 'failure']),
  error: z.looseObject({ message: z.string().optional(), code: z.coerce.number().optional() }).nullish(),
});

/**
 * The destination webhook: `members` for a full export, else `add_members` and then `remove_members`, each in
 * pages of up to 1,000, and at least one page even if it is empty. All calls of an export share a session ID;
 * page numbers start again for each action.
 */
export function webhookDestination({
  url,
  username,
  password,
}: Extract<DestinationSettings, { type: 'webhook' }>): Destination {
  const credentials = Buffer.from(`${username}:${password}`).toString('base64');
  const headers: Record<string, string> =
    username === '' && password === '' ? {} : { authorization: `Basic ${credentials}` };

  function* pagesOf(
    action: WebhookAction,
    distinctIds: readonly string[],
    of: CohortExport,
  ): Generator<OutgoingRequest> {
    const size = cohortWebhookLimits.membersPerPage;
    const total = Math.max(1, Math.ceil(distinctIds.length / size));
    for (let page = 1; page <= total; page++) {
      const ids = distinctIds.slice((page - 1) * size, page * size);
      yield { url, headers, body: bodyOf(action, ids, { total_pages: total, page_count: page }, of) };
    }
  }

  return {
    secrets: [password, credentials],
    keyOf: distinctId => distinctId,
    *requestsOf(of) {
      if (of.kind === 'full') yield* pagesOf('members', of.join, of);
      else {
        yield* pagesOf('add_members', of.join, of);
        yield* pagesOf('remove_members', of.leave, of);
      }
    },
    judge,
  };
}

function bodyOf(
  action: WebhookAction,
  distinctIds: readonly string[],
  page_info: { total_pages: number; page_count: number },
  { cohort, projectId, sessionId, profileOf }: CohortExport,
) {
  return {
    action,
    parameters: {
      mixpanel_project_id: projectId,
      mixpanel_cohort_name: cohort.name,
      mixpanel_cohort_id: String(cohort.id),
      mixpanel_cohort_description: cohort.description,
      mixpanel_session_id: sessionId,
      page_info,
      members: distinctIds.map(id => memberOf(id, profileOf(id))),
    },
  };
}

/** A member with fields for name and address, and every other property under its own name. */
function memberOf(distinctId: string, profile: Properties = {}): Properties {
  const fields = Object.entries(profile).map(([name, value]) => [namedFields[name] ?? name, value]);
  return { ...Object.fromEntries(fields), mixpanel_distinct_id: distinctId };
}

/** The meaning of a 2XX body, which must state success; an unreadable one is retried. */
function judge({ status, body }: { readonly status: number; readonly body: string }): Verdict {
  const answer = answerSchema.safeParse(parseJson(body));
  const message = answer.data?.error?.message ?? '';
  const verdict = judgeStatus(status, message);
  if (verdict.kind !== 'taken' || answer.data?.status === 'success') return verdict;
  if (!answer.success) {
    const why = `the destination answered ${status} with a body that states neither success nor failure`;
    return { kind: 'retry', why };
  }
  const failure = judgeStatus(answer.data.error?.code ?? 500, message);
  if (failure.kind !== 'taken') return failure;
  return { kind: 'failed', why: 'the destination answered "failure" with the code of a success' };
}
