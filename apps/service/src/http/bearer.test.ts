import { describe, expect, it } from 'vitest';
import { Secret } from '../secrets/secret.ts';
import { bearerCheck } from './bearer.ts';

const check = bearerCheck([new Secret('old-token'), new Secret('new-token')]);

describe('a bearer token', () => {
  it.each(['Bearer old-token', 'Bearer new-token', 'bearer new-token', 'Bearer  new-token '])(
    '%j is accepted',
    header => {
      expect(check(header)).toBe('accepted');
    },
  );

  it('of which 16 KB are blanks is one token, read in one pass', () => {
    expect(check(`Bearer a${' '.repeat(16_000)}b`)).toBe('refused');
    expect(check(`Bearer ${' '.repeat(16_000)}`)).toBe('missing');
    expect(check(`Bearer ${' '.repeat(8_000)}old-token${' '.repeat(8_000)}`)).toBe('accepted');
  });

  it.each(['Bearer old-token,new-token', 'Bearer old-toke', 'Bearer old-tokenx', 'Bearer OLD-TOKEN'])(
    '%j is refused',
    header => {
      expect(check(header)).toBe('refused');
    },
  );

  it.each([undefined, '', 'Bearer', 'Bearer ', 'Basic old-token', 'old-token'])(
    '%j is no bearer token',
    header => {
      expect(check(header)).toBe('missing');
    },
  );

  it('is not needed where none is configured', () => {
    expect(bearerCheck([])(undefined)).toBe('accepted');
  });
});
