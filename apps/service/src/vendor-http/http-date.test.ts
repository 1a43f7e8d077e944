import { expect, it } from 'vitest';
import { httpDate } from './http-date.ts';

it('each of the three forms of an HTTP date is the same moment, in any time zone of the machine', () => {
  const before = process.env.TZ;
  process.env.TZ = 'Pacific/Chatham';
  try {
    for (const text of [
      'Sun, 06 Nov 1994 08:49:37 GMT',
      'Sunday, 06-Nov-94 08:49:37 GMT',
      'Sun Nov  6 08:49:37 1994',
    ])
      expect(httpDate(text), text).toBe(Date.UTC(1994, 10, 6, 8, 49, 37));
    for (const text of ['', 'soon']) expect(httpDate(text)).toBeNaN();
  } finally {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  }
});
