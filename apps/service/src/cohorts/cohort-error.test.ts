import { expect, it } from 'vitest';
import { type CohortErrorCode, cohortErrors } from '../errors/cohort-errors.ts';
import { CohortError, messageOf } from './cohort-error.ts';

it('the message of each problem is whole sentences, with any detail', () => {
  for (const code of Object.keys(cohortErrors) as CohortErrorCode[]) {
    for (const detail of ['', 'fetch failed', 'It is paused.']) {
      const message = messageOf({ code, detail });
      expect(message).toMatch(/\.$/);
      if (detail !== '') expect(message).not.toContain(`(${detail}`);
      expect(new CohortError(code, detail).message).toBe(message);
    }
  }
});
