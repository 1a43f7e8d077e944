import { createMockBraze, type RunningMockBraze, startMockBraze } from '@braze-mixpanel/mock-braze';
import { ruleKey } from '@braze-mixpanel/simulator-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordLastTrue } from '../record-last-true.ts';
import { vendorSettings } from '../vendor-settings.ts';
import { cleanUp, poster, restRules } from './rest-rules.ts';

describe('the simulated Braze', () => {
  let braze: RunningMockBraze;
  beforeAll(async () => {
    braze = await startMockBraze();
  });
  afterAll(() => braze.close());

  it.each(restRules)('keeps the rule of $route: $rule', async ({ check }) => {
    await check(poster({ url: braze.url, key: 'braze-rest-key', prefix: 'c-' }), 'c-');
  });
});

const { simulator, close } = await createMockBraze();
const coverage = simulator.coverage();
await close();

it('each check names a rule of the simulator, word for word', () => {
  const known = coverage.routes.flatMap(({ id, rules }) => rules.map(({ rule }) => ruleKey(id, rule)));
  expect(
    restRules.map(({ route, rule }) => ruleKey(route, rule)).filter(key => !known.includes(key)),
  ).toEqual([]);
});

const { braze: account, record } = vendorSettings();

// A real account is optional: without its keys this suite is not registered.
if (account) {
  describe('a real Braze', () => {
    const prefix = `conformance-${Date.now()}-`;
    const post = poster({ ...account, prefix });
    const seen: string[] = [];
    afterAll(async () => {
      await cleanUp(post, prefix);
      const file = new URL('../../../../packages/mock-braze/src/last-true.ts', import.meta.url);
      if (record) await recordLastTrue(file, coverage, seen, new Date().toISOString().slice(0, 10));
    });

    it.each(restRules)('keeps the rule of $route: $rule', async ({ route, rule, check }) => {
      await check(post, prefix);
      seen.push(ruleKey(route, rule));
    });
  });
}
