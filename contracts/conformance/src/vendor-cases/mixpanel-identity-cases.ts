/** Cases of identity events in which mock-mixpanel has to answer as Mixpanel's documents and clients say. */
import {
  anonymous,
  authorization,
  form,
  identified,
  imported,
  merged,
  onOriginalIdentity,
  project,
  token,
} from './mixpanel-requests.ts';
import type { VendorCase } from './vendor-case.ts';

export const mixpanelIdentityCases: readonly VendorCase[] = [
  ...[
    { event: '$merge', properties: { $distinct_ids: ['ada', 'bob'], token } },
    { event: '$create_alias', properties: { distinct_id: 'ada', alias: 'bob', token } },
    { event: '$identify', properties: { $identified_id: 'ada', $anon_id: anonymous, token } },
  ].map(
    (data): VendorCase => ({
      title: `${data.event} without a time, in a form to /import, is accepted`,
      ...{ route: 'import', source: 'Identity API' },
      exchanges: [
        onOriginalIdentity,
        form(`/import?${project}&verbose=1`, JSON.stringify([data]), {
          headers: { authorization },
          answer: { status: 1, error: null },
        }),
      ],
    }),
  ),
  ...(
    [
      ['$identified_id and $anon_id', { $identified_id: 'ada', $anon_id: anonymous }, 'Identity API'],
      [
        'distinct_id and $anon_distinct_id, as the SDKs send it,',
        { distinct_id: 'ada', $anon_distinct_id: anonymous },
        'mixpanel-browser',
      ],
    ] as const
  ).map(
    ([what, properties, source]): VendorCase => ({
      title: `$identify with ${what} merges`,
      ...{ route: 'identity', source },
      exchanges: [
        onOriginalIdentity,
        form('/track', JSON.stringify({ event: '$identify', properties: { token, ...properties } }), {
          answer: 1,
        }),
        merged([[anonymous, 'ada']]),
      ],
    }),
  ),
  {
    title: 'an anonymous ID that is no UUID of version 4 is merged with none',
    ...{ route: 'identity', source: 'diagrams of $identify' },
    exchanges: [onOriginalIdentity, identified('ada', 'device-1'), merged([])],
  },
  {
    title: 'an anonymous ID that is merged already joins no second user',
    ...{ route: 'identity', source: 'diagrams of $identify' },
    exchanges: [
      onOriginalIdentity,
      identified('ada', anonymous),
      identified('grace', anonymous),
      merged([[anonymous, 'ada']]),
    ],
  },
  {
    title: '$merge is accepted by /import alone',
    ...{ route: 'track', source: 'Identity API' },
    exchanges: [
      onOriginalIdentity,
      form('/track', JSON.stringify({ event: '$merge', properties: { token, $distinct_ids: ['a', 'b'] } }), {
        answer: 0,
      }),
      merged([]),
      imported([{ event: '$merge', properties: { $distinct_ids: ['a', 'b'] } }]),
      merged([['b', 'a']]),
    ],
  },
  {
    title: 'a user has at most 500 IDs',
    ...{ route: 'identity', source: 'Identifying Users (Original)' },
    exchanges: [
      onOriginalIdentity,
      imported(
        Array.from({ length: 499 }, (_, at) => ({
          event: '$merge',
          properties: { $distinct_ids: ['ada', `id-${at}`] },
        })),
        { answer: { num_records_imported: 499 } },
      ),
      imported([{ event: '$merge', properties: { $distinct_ids: ['ada', 'one-too-many'] } }]),
      merged(Array.from({ length: 499 }, (_, at) => [`id-${at}`, 'ada'])),
    ],
  },
  {
    title: 'simplified identity refuses identity events with records as objects',
    ...{ route: 'import', source: 'Identity API' },
    exchanges: [
      imported([{ event: '$merge', properties: { $distinct_ids: ['a', 'b'] } }], {
        status: 400,
        answer: { failed_records: [{ index: 0, field: 'event' }] },
      }),
    ],
  },
];
