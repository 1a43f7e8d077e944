/** Cases of Mixpanel's cohort sync with the webhook of the service. */
import assert from 'node:assert/strict';
import { cohortWebhookLimits, type WebhookAction } from '@braze-mixpanel/core/mixpanel';
import { defaultProject } from '@braze-mixpanel/mock-mixpanel';
import { type CohortExport, createSend, webhookDestination } from '@braze-mixpanel/mock-mixpanel/contracts';
import { sandboxKeys } from '@braze-mixpanel/sandbox/wiring';
import { MatchersV3 } from '@pact-foundation/pact';
import type { HttpCase, HttpContract } from '../contract.ts';

const { eachLike, string } = MatchersV3;

const profile = {
  $email: 'ada@example.com',
  $first_name: 'Ada',
  $last_name: 'Lovelace',
  $phone: '+491234567',
};
const member = {
  mixpanel_distinct_id: string('ada'),
  email: string(profile.$email),
  first_name: string(profile.$first_name),
  last_name: string(profile.$last_name),
  phone_number: string(profile.$phone),
};
const twoPages = Array.from(
  { length: cohortWebhookLimits.membersPerPage + 1 },
  (_, index) => `user-${index}`,
);

const cohort = {
  id: 12345,
  name: 'Big spenders',
  description: 'Spent over 100',
  createdAt: 1_700_000_000_000,
};
const takesCohorts = {
  description: 'the webhook knows its user',
  parameters: { username: sandboxKeys.webhookUser, password: sandboxKeys.webhookPassword },
};

interface Expected {
  readonly action: WebhookAction;
  /** Page number and total; the first of one by default. */
  readonly page?: readonly [number, number];
  readonly members?: unknown;
  /** All calls of one export share a session ID. */
  readonly session?: string;
  readonly sync: Pick<CohortExport, 'kind' | 'join' | 'leave'>;
  readonly path?: string;
  readonly password?: string;
  readonly answer?: HttpCase['interaction']['willRespondWith'];
  readonly outcome?: 'taken' | 'refused';
}

/** Selects the request of a sync with this action and page. */
function syncCase(description: string, expected: Expected): HttpCase {
  const { action, page: [page, pages] = [1, 1], members = eachLike(member), sync } = expected;
  const { session = `session of ${description}`, path = '/webhooks/mixpanel/default' } = expected;
  const { password = sandboxKeys.webhookPassword } = expected;
  const { answer = { status: 200, body: { action, status: 'success' } }, outcome = 'taken' } = expected;
  const credentials = Buffer.from(`${sandboxKeys.webhookUser}:${password}`).toString('base64');
  return {
    interaction: {
      states: [takesCohorts],
      uponReceiving: description,
      withRequest: {
        method: 'POST',
        path,
        headers: { Authorization: `Basic ${credentials}`, 'Content-Type': 'application/json' },
        body: {
          action,
          parameters: {
            mixpanel_project_id: string(defaultProject.id),
            mixpanel_cohort_id: string(String(cohort.id)),
            mixpanel_cohort_name: string(cohort.name),
            mixpanel_cohort_description: string(cohort.description),
            mixpanel_session_id: string(session),
            page_info: { total_pages: pages, page_count: page },
            members,
          },
        },
      },
      willRespondWith: answer,
    },
    async play(url) {
      const destination = webhookDestination({
        type: 'webhook',
        url: `${url}${path}`,
        username: sandboxKeys.webhookUser,
        password,
      });
      const requests = destination.requestsOf({
        cohort,
        projectId: defaultProject.id,
        sessionId: session,
        profileOf: () => profile,
        ...sync,
      });
      const place = { action, page_info: { total_pages: pages, page_count: page } };
      const request = [...requests].find(({ body }) => isAt(body, place));
      assert(request, 'the sync has no such page');
      const { kind } = await sendTo(destination)(request);
      assert.equal(kind, outcome);
    },
  };
}

function isAt(body: unknown, { action, page_info }: { action: string; page_info: object }): boolean {
  const { parameters, ...rest } = body as { action: string; parameters: { page_info: object } };
  return rest.action === action && JSON.stringify(parameters.page_info) === JSON.stringify(page_info);
}

const sendTo = (destination: ReturnType<typeof webhookDestination>) =>
  createSend(destination, {
    fetch,
    delay: async () => {},
    retryWithin: () => 0,
    answerWithin: 5_000,
    signal: new AbortController().signal,
  });

const full = (join: readonly string[]) => ({ kind: 'full', join, leave: [] }) as const;
const difference = (join: readonly string[], leave: readonly string[]) =>
  ({ kind: 'difference', join, leave }) as const;
const failure = (action: string | null, status: number) => ({
  status,
  body: { action, status: 'failure', error: { code: status, message: string('why, and what to do next') } },
});

export const webhookContract: HttpContract = {
  kind: 'http',
  consumer: 'mixpanel-cohort-sync',
  provider: 'service',
  cases: [
    syncCase('a whole cohort', { action: 'members', sync: full(['ada']) }),
    syncCase('the first of two pages of a cohort', {
      action: 'members',
      page: [1, 2],
      session: 'session of two pages',
      sync: full(twoPages),
    }),
    syncCase('the second of two pages of a cohort', {
      action: 'members',
      page: [2, 2],
      session: 'session of two pages',
      sync: full(twoPages),
    }),
    syncCase('a cohort without members', { action: 'members', members: [], sync: full([]) }),
    syncCase('members that join', { action: 'add_members', sync: difference(['ada'], []) }),
    syncCase('members that leave', { action: 'remove_members', sync: difference([], ['ada']) }),
    syncCase('a difference without joining members', {
      action: 'add_members',
      members: [],
      sync: difference([], ['ada']),
    }),
    syncCase('a page with a wrong password', {
      action: 'members',
      sync: full(['ada']),
      password: 'wrong-password',
      answer: failure(null, 401),
      outcome: 'refused',
    }),
    syncCase('a page for a connection that does not exist', {
      action: 'members',
      sync: full(['ada']),
      path: '/webhooks/mixpanel/elsewhere',
      answer: failure(null, 404),
      outcome: 'refused',
    }),
  ],
};
