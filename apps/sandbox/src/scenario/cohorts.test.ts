import { describe, expect, it } from 'vitest';
import { startStack } from '../stack.ts';
import { type CohortCase, playCohorts } from './cohorts.ts';

const allCases: CohortCase[] = (['webhook', 'query'] as const).flatMap((source, first) =>
  (['partner', 'track'] as const).flatMap((sink, second) =>
    (['dynamic', 'one-time'] as const).map((mode, third) => ({
      id: 200 + first * 4 + second * 2 + third,
      name: `${mode} by ${source} to ${sink}`,
      mode,
      source,
      sink,
    })),
  ),
);

describe('the cohorts scenario', () => {
  it('changes nothing before two hours and every dynamic cohort at two hours, for both sources and both sinks', async () => {
    await using stack = await startStack();
    const { cohorts, problems } = await playCohorts(stack, { cases: allCases });
    expect(problems).toEqual([]);
    for (const { mode, mixpanelMembers, brazeMembers, segmentMembers } of cohorts) {
      expect(segmentMembers).toBe(brazeMembers);
      expect(brazeMembers === mixpanelMembers).toBe(mode === 'dynamic');
    }
  });

  it('reports which cohort differs, where and when', async () => {
    await using stack = await startStack({ environment: { COHORT_SYNC_INTERVAL: '3h' } });
    const late: CohortCase = { id: 300, name: 'Late', mode: 'dynamic', source: 'query', sink: 'partner' };
    const { problems } = await playCohorts(stack, { cases: [late] });
    expect(problems).toEqual([
      'Cohort 300 (dynamic, query to partner) after 2 h: Braze has 8 members, expected 9.',
      'Cohort 300 (dynamic, query to partner) after 2 h: its segment has 8 members, expected 9.',
    ]);
  });
});
