/** Cases in which mock-braze has to answer as Braze's documents, or the recorded answers of others, say. */
import { gzipSync } from 'node:zlib';
import type { Exchange, VendorCase } from './vendor-case.ts';

const keys = { partner_api_key: 'braze-partner-key', client_secret: 'braze-data-import-key' };
const rest = (path: string, body: unknown, more: Partial<Exchange> = {}): Exchange => ({
  ...{ path, body, status: 201, ...more },
  headers: { authorization: 'Bearer braze-rest-key', ...more.headers },
});
const import_ = (body: object, status: number): Exchange => ({
  ...{ path: '/partners/mixpanel/cohorts/users', body: { ...keys, ...body }, status },
});
const time = '2026-01-01T00:00:00Z';
const external_id = 'ada';
const purchase = { external_id, product_id: 'book', currency: 'EUR', price: 1.5, time };
const event = { external_id, name: 'Visit', time };

const exportOf = (user: object): Exchange =>
  rest('/users/export/ids', { external_ids: [external_id] }, { answer: { users: [user] } });
/** An export has events of the last 90 days. */
const recent = () => new Date(Date.now() - 3_600_000).toISOString();

/** An object that is refused beside a valid one of its kind. */
function refused(array: 'events' | 'purchases', object: object, type: string, source: string): VendorCase {
  const valid = array === 'events' ? event : purchase;
  const answer = { errors: [{ type, input_array: array, index: 1 }] };
  return {
    title: `${array}: ${JSON.stringify(object).slice(0, 60)} is refused alone`,
    ...{ route: 'users-track', source },
    exchanges: [rest('/users/track', { [array]: [valid, { ...valid, ...object }] }, { answer })],
  };
}

const purchaseObject = 'purchase object';
const eventObject = 'Braze documentation';

export const brazeCases: readonly VendorCase[] = [
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
  ...(
    [
      ['quantity', 'two'],
      ['quantity', 101],
      ['quantity', 1.5],
      ['currency', 'ZZZ'],
      ['currency', ''],
      ['currency', null],
      ['currency', 'usd'],
      ['product_id', 17],
    ] as const
  ).map(([name, value]) => refused('purchases', { [name]: value }, `'${name}' is not valid`, purchaseObject)),
  {
    title: 'a purchase without a currency is refused',
    ...{ route: 'users-track', source: purchaseObject },
    exchanges: [rest('/users/track', { purchases: [{ ...purchase, currency: undefined }] }, { status: 400 })],
  },
  ...(
    [
      ['time', "'properties' is not valid: 'time' is reserved"],
      ['event_name', "'properties' is not valid: 'event_name' is reserved"],
      ['$set', "'properties' is not valid: '$set' starts with a dollar sign"],
      ['', "'properties' is not valid: a name is empty"],
      ['x'.repeat(256), "'properties' is not valid: a name is longer than 255 characters"],
    ] as const
  ).map(([name, type]) => refused('events', { properties: { [name]: 1 } }, type, eventObject)),
  refused(
    'events',
    { properties: { list: ['x'.repeat(101 * 1024)] } },
    "'properties' is not valid: larger than 100 KB",
    eventObject,
  ),
  {
    title: 'an attribute name of 160 emoji is cut at 479 bytes, 256 characters at 255, a text at 255',
    ...{ route: 'users-track', source: 'length constraints' },
    exchanges: [
      rest('/users/track', {
        attributes: [{ external_id, ['🌳'.repeat(160)]: 1, ['n'.repeat(256)]: 'v'.repeat(256) }],
      }),
      rest(
        '/users/export/ids',
        { external_ids: [external_id] },
        {
          answer: {
            users: [{ custom_attributes: { ['🌳'.repeat(119)]: 1, ['n'.repeat(255)]: 'v'.repeat(255) } }],
          },
        },
      ),
    ],
  },
  {
    title: 'objects are merged with _merge_objects',
    ...{ route: 'users-track', source: 'nested custom attributes' },
    exchanges: [
      rest('/users/track', { attributes: [{ external_id, car: { color: 'red', doors: { front: 2 } } }] }),
      rest('/users/track', {
        attributes: [{ external_id, _merge_objects: true, car: { doors: { back: 3 } } }],
      }),
      rest(
        '/users/export/ids',
        { external_ids: [external_id] },
        {
          answer: {
            users: [{ custom_attributes: { car: { color: 'red', doors: { front: 2, back: 3 } } } }],
          },
        },
      ),
    ],
  },
  {
    title: 'an e-mail address without valid syntax is refused',
    ...{ route: 'users-track', source: 'email validation' },
    exchanges: [
      rest('/users/track', { attributes: [{ external_id, email: 'no address' }] }, { status: 400 }),
    ],
  },
  {
    title: 'a compressed body of /users/track is inflated',
    ...{ route: 'users-track', source: 'choice of this simulator' },
    exchanges: [
      rest('/users/track', gzipSync(JSON.stringify({ events: [event] })), {
        headers: { 'content-encoding': 'gzip', 'content-type': 'application/json' },
        answer: { events_processed: 1 },
      }),
    ],
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
      exportOf({
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
      exportOf({
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
