import { afterAll, beforeAll, expect, it } from 'vitest';
import { asOperator, RunningService } from '../../src/testing/running-service.ts';

interface Schema {
  readonly type?: string;
  readonly pattern?: string;
}
interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
}

let service: RunningService;
beforeAll(async () => {
  service = await RunningService.start({ MIXPANEL_API_URL: 'http://127.0.0.1:1' });
});
afterAll(() => service[Symbol.asyncDispose]());

/** The lists of the API as it declares them: routes with a `limit`, and the parameters of their addresses. */
async function lists() {
  const { paths } = (await (await service.get('/api/openapi.json')).json()) as {
    paths: Record<string, Record<string, Operation>>;
  };
  const all = Object.entries(paths).flatMap(([path, { get }]) => {
    const query = (get?.parameters ?? []).filter(each => each.in === 'query');
    const parameters = Object.fromEntries(query.map(({ name, schema }) => [name, schema]));
    return 'limit' in parameters ? [{ path: path.replace('{id}', '12345'), parameters }] : [];
  });
  expect(all.map(({ path }) => path)).toContain('/api/audit');
  expect(all.map(({ path }) => path)).toContain('/api/cohorts/12345/history');
  return all;
}

/** Status and faults of the refusal of a query; what the route expects is its own. */
async function refusal(path: string, query: string) {
  const response = await service.get(`${path}?${query}`);
  const { error } = (await response.json()) as { error?: { code: string; message: string } };
  const [, faults, expected] = /^(?:.*? )?((?:limit|before|nosuch) [^.]*\.) (Expected .*)$/.exec(
    error?.message ?? '',
  ) ?? [undefined, error?.message];
  return { status: response.status, code: error?.code, faults, isExplained: expected !== undefined };
}

const refused = (faults: string) => ({ status: 400, code: 'request_invalid', faults, isExplained: true });

it.each([
  ['limit=', 'limit must be a whole number.'],
  ['limit=0', 'limit must be at least 1.'],
  ['limit=1001', 'limit must be at most 1000.'],
  ['limit=1e3', 'limit must be a whole number.'],
  ['limit=0x10', 'limit must be a whole number.'],
  ['limit=1.0', 'limit must be a whole number.'],
  ['limit=-1', 'limit must be a whole number.'],
  ['limit=%2010', 'limit must be a whole number.'],
  ['limit=1&limit=2', 'limit is given twice.'],
  ['nosuch=1', 'nosuch is unknown.'],
])('every list refuses ?%s in the same words, with what it expects', async (query, faults) => {
  for (const { path } of await lists())
    expect({ path, ...(await refusal(path, query)) }).toEqual({ path, ...refused(faults) });
});

it.each([
  ['before=', 'before must be a whole number.'],
  ['before=0', 'before must be at least 1.'],
  ['before=1e3', 'before must be a whole number.'],
  ['before=-1', 'before must be a whole number.'],
  ['before=x', 'before must be a whole number.'],
  ['before=9999999999999999', 'before must be a whole number.'],
  ['before=1&before=2', 'before is given twice.'],
])('every list with pages by ID refuses ?%s in the same words', async (query, faults) => {
  // Requests to delete users have no ID: their place is a time and a digest.
  const byId = (await lists()).filter(
    ({ path, parameters }) => 'before' in parameters && path !== '/api/forget/requests',
  );
  expect(byId.length).toBeGreaterThan(4);
  for (const { path } of byId)
    expect({ path, ...(await refusal(path, query)) }).toEqual({ path, ...refused(faults) });
});

it.each(['', '0', '1', 'x'])(
  'requests to delete users refuse the place "%s", which no page has',
  async before => {
    expect(await refusal('/api/forget/requests', `before=${before}`)).toEqual(
      refused('before must be the `next` of the page before.'),
    );
  },
);

it('the members of a cohort have the same limits in a body as in an address', async () => {
  for (const [limit, fault] of [
    ['', 'limit must be a whole number.'],
    ['1e3', 'limit must be a whole number.'],
    [1.5, 'limit must be a whole number.'],
    [true, 'limit must be a whole number.'],
    [0, 'limit must be at least 1.'],
    ['1001', 'limit must be at most 1000.'],
  ]) {
    const url = `${service.service.url}/api/cohorts/12345/members`;
    const response = await fetch(url, {
      method: 'POST',
      headers: asOperator,
      body: JSON.stringify({ limit }),
    });
    const { error } = (await response.json()) as { error: { message: string } };
    expect([limit, response.status, error.message]).toEqual([
      limit,
      400,
      expect.stringContaining(`${fault} Expected a JSON object with any of run`),
    ]);
  }
});
