import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogue2026_07, resolveNames } from './index.ts';

const resolve = (overrides: Record<string, string>) => resolveNames(overrides, catalogue2026_07);

describe('overrides of event names', () => {
  it('take event types and event names in any letter case', () => {
    const resolved = resolve({ 'rcs send': 'RCS Sent', 'users.messages.line.Send': 'LINE Sent' });
    expect(resolved).toEqual({
      ok: true,
      names: new Map([
        ['users.messages.rcs.Send', 'RCS Sent'],
        ['users.messages.line.Send', 'LINE Sent'],
      ]),
    });
  });

  it.each([
    ['RCS Sned', 'X', '"RCS Sned" is no event of catalogue 2026-07'],
    ['all', 'X', '"all" is no event of catalogue 2026-07'],
    ['Custom Event', 'X', '"Custom Event" cannot be renamed: your app names its custom events'],
    ['RCS Send', '$sent', 'the name "$sent" begins with $, which Mixpanel reserves'],
    ['RCS Send', ' ', 'a name is empty'],
    ['RCS Send', 'Sent ', 'the name "Sent " begins or ends with white space'],
    ['RCS Send', 'a\nb', 'the name "a\\nb" has a control character'],
    ['RCS Send', 'x'.repeat(256), `the name "${'x'.repeat(60)}…" has more than 255 characters`],
    [
      'RCS Send',
      '[Braze Custom Event] Sent',
      'the name "[Braze Custom Event] Sent" begins as those of custom events do',
    ],
    [
      'RCS Send',
      'LINE Send',
      'users.messages.line.Send and users.messages.rcs.Send would both be named "LINE Send"',
    ],
  ])('are refused with one sentence: %j as %j', (key, name, fault) => {
    expect(resolve({ [key]: name })).toEqual({ ok: false, faults: [fault] });
  });

  it('are refused if two keys name one event type', () => {
    expect(resolve({ 'RCS Send': 'A', 'users.messages.rcs.Send': 'B' })).toEqual({
      ok: false,
      faults: ['"users.messages.rcs.Send" names users.messages.rcs.Send, which has another name already'],
    });
  });

  it('may exchange the names of two event types', () => {
    expect(resolve({ 'RCS Send': 'LINE Send', 'LINE Send': 'RCS Send' }).ok).toBe(true);
  });

  it('never leave two event types under one name', () => {
    const key = fc.constantFrom(...catalogue2026_07.entries.map(({ eventType }) => eventType));
    const name = fc.oneof(fc.constantFrom(...catalogue2026_07.entries.map(each => each.name)), fc.string());
    fc.assert(
      fc.property(fc.dictionary(key, name, { maxKeys: 4 }), overrides => {
        const resolved = resolve(overrides);
        if (!resolved.ok) return;
        const names = catalogue2026_07.entries.map(each => resolved.names.get(each.eventType) ?? each.name);
        expect(new Set(names).size).toBe(names.length);
      }),
    );
  });
});
