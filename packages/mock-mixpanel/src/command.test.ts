import { expect, it } from 'vitest';
import { settingsOf } from './command.ts';

it('the option --time-zone is the name of a time zone', () => {
  expect(settingsOf({})).toEqual({});
  expect(settingsOf({ 'time-zone': 'Asia/Kolkata' })).toEqual({ timeZone: 'Asia/Kolkata' });
  expect(() => settingsOf({ 'time-zone': '+05:30' })).toThrow(
    '--time-zone (MOCK_MIXPANEL_TIME_ZONE) must be the name of a time zone, not "+05:30". For example: --time-zone Europe/Berlin',
  );
});
