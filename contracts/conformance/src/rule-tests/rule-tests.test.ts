import { readFile } from 'node:fs/promises';
import { createMockBraze } from '@braze-mixpanel/mock-braze';
import { createMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { describe, expect, it } from 'vitest';
import { restRules } from '../braze/rest-rules.ts';
import { ingestionRules } from '../mixpanel/ingestion-rules.ts';
import { brazeCases } from '../vendor-cases/braze-cases.ts';
import { mixpanelCases } from '../vendor-cases/mixpanel-cases.ts';
import { brazeRuleTests } from './braze-rule-tests.ts';
import { clientTests } from './client-tests.ts';
import { mixpanelRuleTests } from './mixpanel-rule-tests.ts';
import { hasTest } from './rule-tests.ts';

const sourceOf = (file: string) => readFile(new URL(`../../../../${file}`, import.meta.url), 'utf8');

/** The titles that the file does not have. */
async function missingFrom(file: string, titles: readonly string[]): Promise<string[]> {
  const source = await sourceOf(file);
  return titles.filter(title => !hasTest(source, title)).map(title => `${file}: ${title}`);
}

const vendors = [
  {
    ...{ name: 'Braze', create: createMockBraze, tests: brazeRuleTests },
    ...{ checks: restRules, titles: brazeCases.map(({ title }) => title) },
  },
  {
    ...{ name: 'Mixpanel', create: createMockMixpanel, tests: mixpanelRuleTests },
    ...{ checks: ingestionRules, titles: mixpanelCases.map(({ title }) => title) },
  },
] as const;

describe.each(vendors)('the rules of the simulated $name', ({ create, tests, checks, titles }) => {
  const tested = Object.values(tests).flatMap(titleByRule => Object.keys(titleByRule));

  it('have a test each, and no test is of a rule that does not exist', async () => {
    const { simulator, close } = await create();
    const { routes, behaviours } = simulator.coverage();
    await close();
    const rules = new Set([...routes, ...behaviours].flatMap(({ rules }) => rules.map(({ rule }) => rule)));
    expect(new Set([...tested, ...checks.map(({ rule }) => rule)])).toEqual(rules);
  });

  it('have tests that exist under these titles', async () => {
    const { cases, ...files } = tests;
    const missing = await Promise.all(
      Object.entries(files).map(([file, titleByRule]) => missingFrom(file, Object.values(titleByRule))),
    );
    expect(missing.flat()).toEqual([]);
    expect(Object.values(cases).filter(title => !titles.includes(title))).toEqual([]);
  });
});

it('what clients rely on without a rule has tests that exist under these titles', async () => {
  const missing = await Promise.all(
    Object.entries(clientTests).map(([file, titles]) => missingFrom(file, titles)),
  );
  expect(missing.flat()).toEqual([]);
});
