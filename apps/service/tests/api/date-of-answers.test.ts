import { expect, it } from 'vitest';
import { epochMs } from '../../src/clock/index.ts';
import { asOperator, RunningService } from '../../src/testing/running-service.ts';

it.each(['/status', '/api/dead-letters', '/api/none', '/none'])(
  'The answer of %s has the date of the clock that the service follows',
  async path => {
    const now = epochMs(Date.UTC(2031, 0, 2, 3, 4, 5));
    await using service = await RunningService.start({}, { now: () => now });
    const answer = await fetch(service.service.url + path, { headers: asOperator });
    expect(answer.headers.get('date')).toBe('Thu, 02 Jan 2031 03:04:05 GMT');
  },
);
