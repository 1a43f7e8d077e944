import { createMockBraze, startMockBraze } from '@braze-mixpanel/mock-braze';
import { createMockMixpanel, startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { describe, expect, it } from 'vitest';
import { brazeCases } from './braze-cases.ts';
import { mixpanelCases } from './mixpanel-cases.ts';
import { ask, type VendorCase } from './vendor-case.ts';

const vendors = [
  { name: 'Braze', cases: brazeCases, start: startMockBraze, create: createMockBraze },
  { name: 'Mixpanel', cases: mixpanelCases, start: startMockMixpanel, create: createMockMixpanel },
] as const;

describe.each(vendors)('the simulated $name', ({ cases, start, create }) => {
  it.each<VendorCase>(cases)('$title (source: $source)', async ({ exchanges }) => {
    await using simulator = await start();
    for (const exchange of exchanges) {
      const { status, headers, body } = await ask(simulator.url, exchange);
      const { answer, answerHeaders = {}, status: expected = 200 } = exchange;
      expect({ status, body }).toMatchObject({
        status: expected,
        ...(answer !== undefined && { body: answer }),
      });
      for (const [name, value] of Object.entries(answerHeaders)) expect(headers.get(name)).toBe(value);
    }
  });

  it('names a rule of its coverage with every case, by its ID and source', async () => {
    const { simulator, close } = await create();
    const { routes, behaviours } = simulator.coverage();
    await close();
    const unknown = cases.filter(({ route, source }) => {
      const rules = [...routes, ...behaviours].filter(({ id }) => id === route).flatMap(each => each.rules);
      return !rules.some(({ source: { from }, contradictedBy }) =>
        [from, contradictedBy?.from].some(text => text?.includes(source)),
      );
    });
    expect(unknown.map(({ route, source }) => `${route}: ${source}`)).toEqual([]);
  });
});
