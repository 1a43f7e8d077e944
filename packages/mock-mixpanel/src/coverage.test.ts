import { expect, it } from 'vitest';
import { createMockMixpanel } from './index.ts';

async function coverage() {
  const { simulator, close } = createMockMixpanel();
  try {
    const query = new URLSearchParams();
    const readBody = async () => new Uint8Array();
    const request = { method: 'GET', path: '/_sim/coverage', query, headers: {}, readBody };
    const answer = await simulator.dispatch(request);
    if (answer.kind !== 'respond') throw new Error(`the coverage ended in a ${answer.kind}`);
    return answer.body as {
      routes: { id: string; rules: unknown[] }[];
      behaviours: { id: string; rules: { source: { from: string } }[] }[];
      notSimulated: string[];
    };
  } finally {
    await close();
  }
}

it('the coverage lists every route and behaviour, each with its rules', async () => {
  const { routes, behaviours } = await coverage();
  expect(routes.map(({ id }) => id)).toEqual([
    'import',
    'track',
    'engage-update',
    'groups-update',
    'flags',
    'record',
    'settings',
    'export',
    'cohorts-list',
    'engage',
    'segmentation',
    'schemas',
    'schemas-upload',
    'schemas-delete',
    'lookup-tables',
    'lookup-table-replace',
    'data-deletions',
    'data-deletion',
    'data-deletion-cancel',
    'service-accounts',
  ]);
  expect(behaviours.map(({ id }) => id)).toEqual([
    'cohort-by-rule',
    'identity',
    'cohort-sync',
    'cohort-sync.webhook',
    'cohort-sync.braze',
    'data-governance',
    'lookup-table',
    'data-deletion-task',
  ]);
  for (const { rules } of [...routes, ...behaviours]) expect(rules).not.toEqual([]);
});

it('the coverage lists unsupported features, including rejected parameters', async () => {
  const { notSimulated } = await coverage();
  for (const what of ['where, time_in_ms of /api/2.0/export', 'as_of_timestamp of /engage']) {
    expect(notSimulated).toContainEqual(expect.stringContaining(what));
  }
});
