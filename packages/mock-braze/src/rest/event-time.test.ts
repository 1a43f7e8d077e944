import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventTimeOf } from './event-time.ts';

describe('the time of an event', () => {
  it.each([
    ['2022-12-06T19:20:45:000+0100', '2022-12-06T18:20:45.000Z'],
    ['2022-12-06T19:20:45:123-0330', '2022-12-06T22:50:45.123Z'],
    ['2022-12-06T19:20:45:123Z', '2022-12-06T19:20:45.123Z'],
    ['2013-07-16T19:20:30+01:00', '2013-07-16T18:20:30.000Z'],
    ['2013-07-16T19:20:30+01', '2013-07-16T18:20:30.000Z'],
    ['2013-07-16T19:20:30.5Z', '2013-07-16T19:20:30.500Z'],
    ['2013-07-16T19:20:30,5z', '2013-07-16T19:20:30.500Z'],
    ['2024-02-29T23:59:59.999-12:00', '2024-03-01T11:59:59.999Z'],
  ])('may be %s', (text, moment) => {
    expect(new Date(eventTimeOf(text)!).toISOString()).toBe(moment);
  });

  it.each([
    '1',
    '2022',
    '2022-12',
    '1670354445',
    '06/12/2022',
    'Tue, 06 Dec 2022 19:20:45 GMT',
    '2022-02-30T00:00:00Z',
    '2023-02-29',
    '2022-12-06T24:00:00Z',
    '2022-12-06T19:60:00Z',
    '2022-12-06T19:20:45:00+0100',
    '2022-12-06 19:20:45:000+0100',
    '2022-12-06T19:20:45+2400',
    '2022-12-06T19:20:45+01:60',
    ' 2022-12-06T19:20:45Z',
    '2022-12-06T19:20:45Z ',
    '',
    null,
    undefined,
    1_670_354_445,
    {},
  ])('is not %j', value => {
    expect(eventTimeOf(value)).toBeUndefined();
  });

  describe('without a zone', () => {
    const before = process.env.TZ;
    beforeEach(() => {
      process.env.TZ = 'Pacific/Chatham';
    });
    afterEach(() => {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    });

    it.each([
      ['2022-12-06T19:20:45', '2022-12-06T19:20:45.000Z'],
      ['2022-12-06 19:20', '2022-12-06T19:20:00.000Z'],
      ['2022-12-06T19:20:45:123', '2022-12-06T19:20:45.123Z'],
      ['2022-12-06', '2022-12-06T00:00:00.000Z'],
    ])("is UTC whatever the machine's zone: %s", (text, moment) => {
      expect(new Date(2022, 11, 6).getTimezoneOffset()).not.toBe(0);
      expect(new Date(eventTimeOf(text)!).toISOString()).toBe(moment);
    });
  });
});
