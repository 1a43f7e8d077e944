import {
  createMockMixpanel,
  defaultProject,
  type RunningMockMixpanel,
  startMockMixpanel,
} from '@braze-mixpanel/mock-mixpanel';
import { ruleKey } from '@braze-mixpanel/simulator-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordLastTrue } from '../record-last-true.ts';
import { vendorSettings } from '../vendor-settings.ts';
import { ingestionOf, ingestionRules } from './ingestion-rules.ts';

describe('the simulated Mixpanel', () => {
  let mixpanel: RunningMockMixpanel;
  beforeAll(async () => {
    mixpanel = await startMockMixpanel();
  });
  afterAll(() => mixpanel.close());

  it.each(ingestionRules)('keeps the rule of $route: $rule', async ({ check }) => {
    const { id: projectId, ...keys } = defaultProject;
    await check(ingestionOf({ url: mixpanel.url, projectId, ...keys, prefix: 'c-' }));
  });
});

const { simulator, close } = createMockMixpanel();
const coverage = simulator.coverage();
await close();

it('each check names a rule of the simulator, word for word', () => {
  const known = coverage.routes.flatMap(({ id, rules }) => rules.map(({ rule }) => ruleKey(id, rule)));
  expect(
    ingestionRules.map(({ route, rule }) => ruleKey(route, rule)).filter(key => !known.includes(key)),
  ).toEqual([]);
});

const { mixpanel: account, record } = vendorSettings();

// A real project is optional: without its keys this suite is not registered.
if (account) {
  describe('a real Mixpanel', () => {
    const ingestion = ingestionOf({ ...account, prefix: `conformance-${Date.now()}-` });
    const seen: string[] = [];
    afterAll(async () => {
      const { token, prefix } = ingestion.access;
      await ingestion.form('/engage?ip=0', { $token: token, $distinct_id: `${prefix}ada`, $delete: '' });
      const file = new URL('../../../../packages/mock-mixpanel/src/last-true.ts', import.meta.url);
      if (record) await recordLastTrue(file, coverage, seen, new Date().toISOString().slice(0, 10));
    });

    it.each(ingestionRules)('keeps the rule of $route: $rule', async ({ route, rule, check }) => {
      await check(ingestion);
      seen.push(ruleKey(route, rule));
    });
  });
}
