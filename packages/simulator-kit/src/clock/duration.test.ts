import { describe, expect, it } from 'vitest';
import { durationOf } from './duration.ts';

describe('a duration as text', () => {
  it.each([
    ['2h', 7_200_000],
    ['90 minutes', 5_400_000],
    ['1h 59m', 7_140_000],
    ['1h59m30s', 7_170_000],
    ['250', 250],
    ['250 ms', 250],
    ['1 s 500 ms', 1_500],
    ['1 min 30 s', 90_000],
    ['1 d 1 h', 90_000_000],
  ])('reads %s', (text, milliseconds) => {
    expect(durationOf(text)).toBe(milliseconds);
  });

  it.each(['', ' ', 'soon', '1h and a bit', '2 fortnights', '1h 59'])('takes %j for none', text => {
    expect(durationOf(text)).toBeNaN();
  });
});
