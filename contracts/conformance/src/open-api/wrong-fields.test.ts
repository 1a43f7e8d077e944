import { startMockBraze } from '@braze-mixpanel/mock-braze';
import { startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface BodyExample {
  readonly route: string;
  readonly example: Readonly<Record<string, unknown>>;
}

/** Every control route with a body, and its example. */
async function bodiesOf(url: string): Promise<BodyExample[]> {
  const document = (await (await fetch(`${url}/_sim/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { requestBody?: { content: Record<string, { example: object }> } }>>;
  };
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, { requestBody }]) => {
      const example = requestBody?.content['application/json']?.example as BodyExample['example'] | undefined;
      return example === undefined ? [] : [{ route: `${method.toUpperCase()} ${path}`, example }];
    }),
  );
}

describe.each([
  { name: 'mock Braze', start: () => startMockBraze() },
  { name: 'mock Mixpanel', start: () => startMockMixpanel() },
])('the control API of $name', ({ start }) => {
  let server: { readonly url: string; close(): Promise<void> };
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.close());

  const send = async (route: string, body: unknown) => {
    const [method = '', path = ''] = route.split(' ');
    const answer = await fetch(server.url + path.replace('{id}', '1'), {
      method,
      body: JSON.stringify(body),
    });
    return { status: answer.status, error: ((await answer.json()) as { error?: string }).error };
  };

  it('refuses an unknown field beside valid ones, and names it', async () => {
    for (const { route, example } of await bodiesOf(server.url)) {
      const { status, error } = await send(route, { ...example, no_such_field: 1 });
      // Some routes look for their subject first.
      if (status === 404) expect(route).toMatch(/^(PUT|POST) \/_sim\/currents\/\{id\}/);
      else
        expect([route, status, error]).toEqual([
          route,
          400,
          expect.stringContaining(' no_such_field is unknown.'),
        ]);
    }
  });

  it('names every known field that has a wrong type, and no other', async () => {
    for (const { route, example } of await bodiesOf(server.url)) {
      // The body of a request to find may be any JSON.
      for (const field of Object.keys(example).filter(
        each => !(route.endsWith('/verify') && each === 'body'),
      )) {
        const { status, error = '' } = await send(route, { ...example, [field]: { no_such: { thing: [] } } });
        if (status === 404) continue;
        expect([route, field, status]).toEqual([route, field, 400]);
        expect(error).toMatch(new RegExp(`[ "]${field}[." :]`));
        expect(error.split(' For example')[0]).not.toMatch(/received|Invalid|undefined/);
      }
    }
  });
});
