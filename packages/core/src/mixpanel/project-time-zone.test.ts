import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTimeZone, projectTimeZone } from './project-time-zone.ts';

const at = (text: string) => Date.parse(text) / 1_000;

describe('the time zone of a project', () => {
  it.each([
    ['UTC', '2026-01-31T23:59:59Z', '2026-01-31', '2026-01-31T23:59:59Z'],
    ['America/Los_Angeles', '2026-02-01T07:59:59Z', '2026-01-31', '2026-01-31T23:59:59Z'],
    ['Pacific/Auckland', '2026-01-31T11:00:00Z', '2026-02-01', '2026-02-01T00:00:00Z'],
    ['Asia/Kolkata', '2026-01-31T18:30:00Z', '2026-02-01', '2026-02-01T00:00:00Z'],
  ])('%s at %s: the day is %s, and clocks show %s', (name, utc, day, shown) => {
    const zone = projectTimeZone(name);
    expect(zone.dayOf(Date.parse(utc))).toBe(day);
    expect(zone.toLocal(at(utc))).toBe(at(shown));
    expect(zone.toUtc(at(shown))).toBe(at(utc));
  });

  it('has the earlier of two times when clocks go back, and counts on over a gap', () => {
    const zone = projectTimeZone('Europe/Berlin');
    expect(zone.toUtc(at('2026-10-25T02:30:00Z'))).toBe(at('2026-10-25T00:30:00Z'));
    expect(zone.toUtc(at('2026-03-29T02:30:00Z'))).toBe(at('2026-03-29T01:30:00Z'));
  });

  it('is undone by its inverse, except in the hour that is repeated', () => {
    const name = fc.constantFrom('UTC', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kathmandu');
    fc.assert(
      fc.property(name, fc.integer({ min: 300_000_000, max: 2_000_000_000 }), (zoneName, seconds) => {
        const zone = projectTimeZone(zoneName);
        expect([seconds, seconds - 1_800, seconds - 3_600]).toContain(zone.toUtc(zone.toLocal(seconds)));
        expect(zone.toLocal(zone.toUtc(zone.toLocal(seconds)))).toBe(zone.toLocal(seconds));
      }),
    );
  });
});

it.each([
  ['Europe/Berlin', true],
  ['UTC', true],
  ['Berlin', false],
  ['+01:00', false],
  ['', false],
])('%s is the name of a time zone: %s', (name, expected) => {
  expect(isTimeZone(name)).toBe(expected);
});
