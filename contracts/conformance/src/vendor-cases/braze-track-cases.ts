/** Cases of /users/track in which mock-braze has to answer as Braze's documents, or recorded answers, say. */
import { gzipSync } from 'node:zlib';
import { event, exported, external_id, purchase, rest } from './braze-requests.ts';
import type { VendorCase } from './vendor-case.ts';

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

export const brazeTrackCases: readonly VendorCase[] = [
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
      exported({ custom_attributes: { ['🌳'.repeat(119)]: 1, ['n'.repeat(255)]: 'v'.repeat(255) } }),
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
      exported({ custom_attributes: { car: { color: 'red', doors: { front: 2, back: 3 } } } }),
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
    title: 'a currency that is no longer in use is accepted',
    ...{ route: 'users-track', source: 'choice of this simulator' },
    exchanges: [
      rest(
        '/users/track',
        { purchases: [{ ...purchase, currency: 'DEM' }] },
        { answer: { purchases_processed: 1 } },
      ),
    ],
  },
  {
    title: 'properties of 60 KB are accepted, of an event as of a purchase',
    ...{ route: 'users-track', source: 'purchase object (50 KB)' },
    exchanges: [
      rest(
        '/users/track',
        {
          events: [{ ...event, properties: { list: ['x'.repeat(60 * 1024)] } }],
          purchases: [{ ...purchase, properties: { list: ['x'.repeat(60 * 1024)] } }],
        },
        { answer: { message: 'success', events_processed: 1, purchases_processed: 1 } },
      ),
    ],
  },
];
