/** Cases in which mock-braze has to answer as Braze's documents, or the recorded answers of others, say. */
import { expect } from 'vitest';
import { event, exported, external_id, import_, keys, purchase, rest, time } from './braze-requests.ts';
import { brazeTrackCases } from './braze-track-cases.ts';
import type { VendorCase } from './vendor-case.ts';

/** An export has events of the last 90 days. */
const recent = () => new Date(Date.now() - 3_600_000).toISOString();

export const brazeCases: readonly VendorCase[] = [
  ...brazeTrackCases,
  {
    title: 'an empty change of an unknown cohort checks the keys',
    ...{ route: 'partner-cohorts-users', source: 'Segment' },
    exchanges: [
      import_({ cohort_id: 'probe', cohort_changes: [] }, 201),
      import_({ cohort_id: 'probe', cohort_changes: [], client_secret: 'wrong' }, 401),
    ],
  },
  {
    title: 'a change of an unknown cohort is refused',
    ...{ route: 'partner-cohorts-users', source: 'choice of this simulator' },
    exchanges: [import_({ cohort_id: 'unknown', cohort_changes: [{ user_ids: ['ada'] }] }, 400)],
  },
  {
    title: 'standard fields are at the top level of an export, other names in custom_attributes',
    ...{ route: 'users-export-ids', source: 'users/export/ids' },
    exchanges: [
      rest('/users/track', {
        attributes: [
          {
            ...{ external_id, gender: 'F', dob: '1980-12-21', home_city: 'Berlin', plan: 'pro' },
            ...{ email: 'ada@example.com', email_subscribe: 'opted_in' },
            push_tokens: [{ app_id: 'app', token: 'abcd' }],
            subscription_groups: [{ subscription_group_id: 'g1', subscription_state: 'subscribed' }],
          },
        ],
      }),
      exported({
        ...{ gender: 'F', dob: '1980-12-21', home_city: 'Berlin', custom_attributes: { plan: 'pro' } },
        ...{ email: 'ada@example.com', email_subscribe: 'opted_in' },
        push_tokens: [{ app: 'app', token: 'abcd' }],
        subscription_groups: [{ subscription_group_id: 'g1', subscription_state: 'subscribed' }],
      }),
    ],
  },
  {
    title: 'an export counts custom events and purchases, each of the quantity, and sums the revenue',
    ...{ route: 'users-export-ids', source: 'users/export/ids' },
    exchanges: [
      rest('/users/track', {
        events: [{ ...event, time: recent() }],
        purchases: [{ ...purchase, quantity: 3, time: recent() }],
      }),
      exported({
        custom_events: [{ name: 'Visit', count: 1 }],
        purchases: [{ name: 'book', count: 3 }],
        total_revenue: 4.5,
      }),
    ],
  },
  {
    title: 'an export names one of device_id, email_address and phone',
    ...{ route: 'users-export-ids', source: 'whose example has all three' },
    exchanges: [
      rest(
        '/users/export/ids',
        { device_id: 'd', email_address: 'ada@example.com', phone: '+15550100' },
        { status: 400 },
      ),
    ],
  },
  {
    title: 'a body that is no JSON object is refused like one without keys',
    ...{ route: 'partner-cohorts', source: 'choice of this simulator' },
    exchanges: ['[]', '"text"', 'no JSON'].map(body => ({
      ...{ path: '/partners/mixpanel/cohorts', body, status: 401 },
      answer: { message: 'Unauthorized access' },
    })),
  },
  {
    title: 'an export may name external IDs, aliases and one e-mail address, and lists unknown IDs',
    ...{ route: 'users-export-ids', source: 'users/export/ids' },
    exchanges: [
      rest('/users/track', {
        attributes: [{ external_id }, { external_id: 'bob', email: 'bob@example.com' }],
      }),
      rest(
        '/users/export/ids',
        {
          external_ids: [external_id, 'unknown'],
          user_aliases: [{ alias_name: 'unknown', alias_label: 'crm' }],
          email_address: 'bob@example.com',
        },
        {
          answer: {
            users: [{ external_id }, { external_id: 'bob' }],
            invalid_user_ids: expect.arrayContaining(['unknown']),
          },
        },
      ),
    ],
  },
  {
    title: 'an export has the limit of 250 requests a minute in its headers',
    ...{ route: 'users-export-ids', source: 'API: rate limits' },
    exchanges: [
      { method: 'PUT', path: '/_sim/settings', body: { rateLimits: true } },
      rest(
        '/users/export/ids',
        { external_ids: [external_id] },
        { answerHeaders: { 'x-ratelimit-limit': '250', 'x-ratelimit-remaining': '249' } },
      ),
    ],
  },
  {
    title: 'a deletion by e-mail address needs a prioritization',
    ...{ route: 'users-delete', source: 'users/delete' },
    exchanges: [
      rest('/users/delete', { email_addresses: [{ email: 'ada@example.com' }] }, { status: 400 }),
      rest(
        '/users/delete',
        { email_addresses: [{ email: 'ada@example.com', prioritization: ['unidentified'] }] },
        { answer: { deleted: 0 } },
      ),
    ],
  },
  {
    title: 'a segment filter by a name that two cohorts have is refused with both ids',
    ...{ route: 'partner-cohorts', source: 'partner cohort import' },
    exchanges: [
      ...['c1', 'c2'].map(cohort_id => ({
        ...{ path: '/partners/mixpanel/cohorts', status: 201 },
        body: { ...keys, cohort_id, name: 'Buyers', created_at: time },
      })),
      {
        ...{ path: '/_sim/segments', status: 409 },
        body: {
          name: 'Twice',
          filter: { type: 'mixpanel_cohort', operator: 'includes', cohort: 'Buyers' },
        },
        answer: { error: 'Several cohorts have this name: c1, c2. Use one of these IDs in the filter.' },
      },
    ],
  },
];
