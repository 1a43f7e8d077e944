/** Cases of what Mixpanel does with stored data: lookup tables, reports, deletions. */
import { authorization, day, event, imported, now, project } from './mixpanel-requests.ts';
import type { Exchange, VendorCase } from './vendor-case.ts';

const id = '55b4fb2b-e8de-466c-930f-8b36640b9b5e';
const created: Exchange = {
  ...{ method: 'PUT', path: `/_sim/lookup-tables/${id}` },
  body: { name: 'Accounts', properties: ['account'], csv: 'id,plan\n' },
};
const replaced = (body: string, more: Partial<Exchange> = {}): Exchange => ({
  ...{ method: 'PUT', path: `/lookup-tables/${id}?${project}`, body, ...more },
  headers: { authorization, 'content-type': 'text/csv' },
});
const rows = (answer: readonly object[]): Exchange => ({
  ...{ method: 'GET', path: `/_sim/lookup-tables/${id}/rows`, answer },
});

const counted = (more: Partial<Exchange> = {}): Exchange => ({
  ...{ method: 'GET', headers: { authorization }, ...more },
  path: `/api/query/segmentation?${project}&event=Case&from_date=${day(-1)}&to_date=${day(0)}&unit=day`,
});

const deletions = (path: string, more: Partial<Exchange> = {}): Exchange => ({
  ...{ method: 'GET', path: `/api/app/data-deletions/v3.0/${path}?token=mixpanel-token` },
  ...{ headers: { authorization: 'Bearer mixpanel-oauth-token' }, ...more },
});

export const mixpanelDataCases: readonly VendorCase[] = [
  {
    title: 'the service accounts of a project are listed, and say when they expire',
    ...{ route: 'service-accounts', source: 'service-accounts.openapi.yaml' },
    exchanges: [
      {
        ...{ method: 'PUT', path: '/_sim/settings' },
        body: { serviceAccountExpires: '2099-01-31T00:00:00Z' },
      },
      {
        ...{ method: 'GET', path: '/api/app/projects/12345/service-accounts', headers: { authorization } },
        answer: {
          status: 'ok',
          results: [{ username: 'service-account', expires: '2099-01-31T00:00:00Z' }],
        },
      },
    ],
  },
  {
    title: 'a deletion is requested, and unknown under another id',
    ...{ route: 'data-deletions', source: 'GDPR API: Overview' },
    exchanges: [
      deletions('', {
        ...{ method: 'POST', body: { distinct_ids: ['1'], compliance_type: 'CCPA' }, status: 201 },
        answer: { status: 'ok', results: [{ status: 'PENDING', project_id: 12345, distinct_id_count: 1 }] },
      }),
      deletions('35bd8477-f71f-4088-af55-c88a6fb4ad4b/', {
        answer: { status: 'ok', results: { status: 'NOT_FOUND' } },
      }),
    ],
  },
  {
    title: 'a segmentation query counts an event that was sent twice once',
    ...{ route: 'segmentation', source: 'query.openapi.yaml' },
    exchanges: (() => {
      const yesterday = event({ time: now() - 86_400, $insert_id: 'case-2' });
      return [
        imported([yesterday, yesterday, event({ time: now() - 86_400, $insert_id: 'case-3' })]),
        counted({
          answer: { data: { series: [day(-1), day(0)], values: { Case: { [day(-1)]: 2, [day(0)]: 0 } } } },
        }),
      ];
    })(),
  },
  {
    title: 'a lookup table is listed and replaced once it was created in the interface, not before',
    ...{ route: 'lookup-table-replace', source: 'ingestion.openapi.yaml' },
    exchanges: [
      replaced('id,plan\n1,free\n', {
        status: 404,
        answer: { error: `Lookup table with id '${id}' was not found.`, status: 'Not Found' },
      }),
      created,
      {
        ...{ method: 'GET', path: `/lookup-tables?${project}`, headers: { authorization } },
        answer: { code: 200, status: 'OK', results: [{ id, name: 'Accounts' }] },
      },
      replaced('id,plan\n1,free\n', { answer: { code: 200, status: 'OK' } }),
      rows([{ key: '1', columns: { plan: 'free' } }]),
    ],
  },
  {
    title: 'a lookup table with rows that are not valid is answered with their indexes, and stays as it was',
    ...{ route: 'lookup-table-replace', source: 'ingestion.openapi.yaml' },
    exchanges: [
      created,
      replaced('id,plan\n1,free\n,paid\n2\n', {
        status: 400,
        answer: {
          ...{
            code: 400,
            status: 'Bad Request',
            error: 'Some data points in the request failed validation.',
          },
          failed_records: [
            { index: 2, message: 'primary key is required and cannot be blank' },
            { index: 3, message: 'invalid row: wrong number of fields' },
          ],
        },
      }),
      rows([]),
    ],
  },
];
