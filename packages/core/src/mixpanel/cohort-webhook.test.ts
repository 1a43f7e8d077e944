import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cohortWebhookLimits, cohortWebhookSchema } from './index.ts';

const parameters = {
  ...{ mixpanel_project_id: '7', mixpanel_cohort_id: '12', mixpanel_cohort_name: 'x' },
  ...{ mixpanel_session_id: 's', page_info: { total_pages: 1, page_count: 1 }, members: [] },
};
const read = (changes: Record<string, unknown>) =>
  cohortWebhookSchema.safeParse({ action: 'members', parameters: { ...parameters, ...changes } });
const asWritten = (number: number, isText: boolean) => (isText ? String(number) : number);

describe('a page of a pushed cohort', () => {
  it('is the same with its numbers as numbers or as texts of digits', () => {
    const number = fc.oneof(
      fc.nat({ max: 20 }),
      fc.nat({ max: 2 * cohortWebhookLimits.mostPages }),
      fc.maxSafeNat(),
    );
    fc.assert(
      fc.property(fc.tuple(number, number, number, number), fc.array(fc.boolean()), (numbers, texts) => {
        const [total_pages, page_count, cohort, project] = numbers.map((each, at) =>
          asWritten(each, texts[at] ?? true),
        );
        const written = read({
          page_info: { total_pages, page_count },
          ...{ mixpanel_cohort_id: cohort, mixpanel_project_id: project },
        });
        const plain = read({
          page_info: { total_pages: numbers[0], page_count: numbers[1] },
          ...{ mixpanel_cohort_id: numbers[2], mixpanel_project_id: numbers[3] },
        });
        expect(written.success).toBe(plain.success);
        expect(written.data).toEqual(plain.data);
      }),
    );
  });

  it.each(['', ' ', '1.5', '1e3', '-1', '+1', '0x1', 'one', '1'.repeat(16), null, true, [1], 1.5, 0, '0'])(
    'is refused with %j pages',
    total_pages => {
      expect(read({ page_info: { total_pages, page_count: 1 } }).success).toBe(false);
    },
  );

  it('names no project where its ID is null or absent', () => {
    for (const id of [null, undefined])
      expect(read({ mixpanel_project_id: id }).data?.parameters.mixpanel_project_id ?? null).toBeNull();
    expect(read({ mixpanel_project_id: 7 }).data?.parameters.mixpanel_project_id).toBe('7');
    expect(read({ mixpanel_project_id: '' }).success).toBe(false);
  });
});
