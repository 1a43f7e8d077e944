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
    title: 'an empty change of a cohort that nobody created checks the keys',
    ...{ route: 'partner-cohorts-users', source: 'Segment' },
    exchanges: [
      import_({ cohort_id: 'probe', cohort_changes: [] }, 201),
      import_({ cohort_id: 'probe', cohort_changes: [], client_secret: 'wrong' }, 401),
    ],
  },
  {
    title: 'a change of a cohort that nobody created is refused',
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
];
