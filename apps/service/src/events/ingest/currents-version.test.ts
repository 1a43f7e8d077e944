import fc from 'fast-check';
import { expect, it } from 'vitest';
import { versionWatch } from './currents-version.ts';

function watched() {
  const requests: string[] = [];
  const first: string[][] = [];
  const watch = versionWatch({
    onRequest: connection => requests.push(connection),
    onFirst: (...each) => first.push(each),
  });
  return { requests, first, watch };
}

it('an unknown version is counted for each request and logged once per connection and value', () => {
  const { requests, first, watch } = watched();
  for (const header of [undefined, '1', ' 1 ', '2', '2', '']) watch('default', header);
  watch('brand-b', '2');
  expect(requests).toEqual(['default', 'default', 'default', 'brand-b']);
  expect(first).toEqual([
    ['default', '2'],
    ['default', ''],
    ['brand-b', '2'],
  ]);
});

it('the log is bounded and printable, for any header', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 60 }), { maxLength: 60 }), headers => {
      const { requests, first, watch } = watched();
      for (const header of headers) watch('default', header);
      expect(first.length).toBeLessThanOrEqual(20);
      expect(new Set(first.map(([, version]) => version)).size).toBe(first.length);
      for (const [, version] of first) expect(version).toMatch(/^[\x20-\x7e]{0,40}$/);
      expect(requests).toHaveLength(headers.filter(header => header.trim() !== '1').length);
    }),
  );
});
