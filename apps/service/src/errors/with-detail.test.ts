import fc from 'fast-check';
import { expect, it } from 'vitest';
import { errors } from './catalogue.ts';
import { withDetail } from './with-detail.ts';

it('each error message ends with a full stop, whatever its detail', () => {
  const message = fc.constantFrom(...Object.values(errors).map(each => each.message));
  fc.assert(
    fc.property(message, fc.option(fc.string(), { nil: undefined }), (each, detail) => {
      const text = withDetail(each, detail);
      expect(text.startsWith(each)).toBe(true);
      expect(text).toMatch(/\.$/);
      if (detail !== undefined) expect(text).toContain(detail.trim());
    }),
    { numRuns: 500 },
  );
});

it('keeps a sentence, and makes one of a bare value', () => {
  expect(withDetail('It failed.', 'Send less.')).toBe('It failed. Send less.');
  expect(withDetail('It failed.', '123')).toBe('It failed. Details: 123.');
  expect(withDetail('It failed.', ' ')).toBe('It failed.');
});
