/** Cases of Mixpanel's Lexicon Schemas API. */
import { authorization } from './mixpanel-requests.ts';
import type { Exchange, VendorCase } from './vendor-case.ts';

const schemas = (path: string, more: Partial<Exchange> = {}): Exchange => ({
  ...{ method: 'GET', path: `/api/app/projects/12345/schemas${path}`, headers: { authorization }, ...more },
});
const opened = {
  entityType: 'event',
  name: 'Email Open',
  schemaJson: { description: 'Opened.', properties: { url: { type: 'string' } } },
};

export const mixpanelSchemaCases: readonly VendorCase[] = [
  {
    title: 'a schema is uploaded, listed with its kind and name, and deleted',
    ...{ route: 'schemas', source: 'lexicon-schemas.openapi.yaml' },
    exchanges: [
      schemas('', { method: 'POST', body: { entries: [opened] }, answer: { results: { added: 1 } } }),
      schemas('/event', { answer: { results: [opened], status: 'ok' } }),
      schemas('/event/Email%20Open', { answer: opened.schemaJson }),
      schemas('/event/Email%20Open', { method: 'DELETE', answer: { results: { delete_count: 1 } } }),
      schemas('', { answer: { results: [], status: 'ok' } }),
    ],
  },
  {
    title: 'the API secret gives no access to schemas',
    ...{ route: 'schemas', source: 'Lexicon Schemas API: Authentication' },
    exchanges: [
      schemas('', {
        headers: { authorization: `Basic ${Buffer.from('mixpanel-secret:').toString('base64')}` },
        status: 401,
        answer: { status: 'error' },
      }),
    ],
  },
  {
    title: 'the sixth request for schemas in a minute is throttled',
    ...{ route: 'schemas', source: 'Lexicon Schemas API: Limits' },
    exchanges: [
      { method: 'PUT', path: '/_sim/settings', body: { rateLimits: ['schemaRequests'] } },
      ...Array.from({ length: 5 }, () => schemas('')),
      schemas('', { status: 429 }),
    ],
  },
];
