import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redirectTarget } from './redirect-target.ts';

const from = new URL('https://api.mixpanel.com/import?strict=1');
const targetOf = (location: string | null, status = 301) =>
  redirectTarget({ status, headers: { get: () => location } as unknown as Headers }, from);

describe('the target of a redirect', () => {
  it.each([
    ['https://api-eu.mixpanel.com/import?strict=1&token=secret#x', 'https://api-eu.mixpanel.com/import'],
    ['https://user:password@gateway.example/login', 'https://gateway.example/login'],
    ['/login?next=%2Fimport', 'https://api.mixpanel.com/login'],
    ['//other.example', 'https://other.example/'],
    ['', 'https://api.mixpanel.com/import'],
    ['javascript:alert(1)', undefined],
    ['https://', undefined],
    [null, undefined],
  ])('%j is %j', (location, target) => {
    expect(targetOf(location)).toBe(target);
  });

  it('is absent from any other status', () => {
    for (const status of [200, 201, 400, 404, 502]) expect(targetOf('/login', status)).toBeUndefined();
  });

  it('is an address of bounded length without a query, for any header', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl({ withQueryParameters: true })), location => {
        const target = targetOf(location) ?? '';
        expect(target).toMatch(/^(?:https?:\/\/[^?#]*)?$/);
        expect(target.length).toBeLessThanOrEqual(200);
      }),
    );
  });
});
