import { expect, it } from 'vitest';
import { CohortWorld } from '../../src/testing/cohort-world.ts';
import { asOperator } from '../../src/testing/running-service.ts';

interface Schema {
  readonly format?: string;
}
interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly schema: Schema }[];
  readonly requestBody?: {
    readonly content: {
      readonly 'application/json': { readonly schema: { readonly properties?: Record<string, Schema> } };
    };
  };
}

/** Parameters of an operation, in the address or in the body, by name. */
function inputsOf({ parameters = [], requestBody }: Operation): Readonly<Record<string, Schema>> {
  const body = requestBody?.content['application/json'].schema.properties ?? {};
  return { ...Object.fromEntries(parameters.map(({ name, schema }) => [name, schema])), ...body };
}

it('every request for days refuses a span of millenniums, with the maximum, one that ends before it begins, and one that has not come', async () => {
  await using world = await CohortWorld.start();
  await world.api('POST', '', { cohort: '12345', source: 'webhook', start: false });
  const { service } = world;
  const { paths } = (await (await service.get('/api/openapi.json')).json()) as {
    paths: Record<string, Record<string, Operation>>;
  };
  const ofDays = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([, operation]) => {
        const { from, to } = inputsOf(operation);
        return from?.format === 'date' && to?.format === 'date';
      })
      .map(([method]) => ({ method, path: path.replace('{id}', '12345') })),
  );
  expect(ofDays.map(({ path }) => path).sort()).toEqual(
    ['compare', 'cohorts/12345/cost', 'cost', 'reconcile'].map(name => `/api/${name}`).sort(),
  );
  const tooLong = /to must be the day of from or up to \d+ days later|at most \d+/;
  for (const { method, path } of ofDays)
    for (const [days, fault] of [
      [{ from: '0001-01-01', to: '9999-01-01' }, tooLong],
      [{ from: '2026-01-02', to: '2026-01-01' }, tooLong],
      [
        { from: '2026-03-02', to: '2026-03-03' },
        /The days from 2026-03-02 on have not come yet: choose days up to 2026-03-01, UTC/,
      ],
    ] as const) {
      const isRead = method === 'get';
      const response = await fetch(
        `${service.service.url}${path}${isRead ? `?${new URLSearchParams(days)}` : ''}`,
        { method, headers: asOperator, ...(!isRead && { body: JSON.stringify(days) }) },
      );
      expect([path, response.status]).toEqual([path, 400]);
      expect(await response.text()).toMatch(fault);
    }
});
