import { catalogue2022_06, catalogue2026_07, catalogueVersions } from '@braze-mixpanel/core/currents';
import { describe, expect, it } from 'vitest';
import { selectEvents } from './event-selection.ts';

const send = 'users.messages.email.Send';
const open = 'users.messages.email.Open';
const of2022 = { catalogueVersion: catalogue2022_06 };

describe('the events of a back-fill', () => {
  it('may be chosen by every event type, and every name in Mixpanel, that a report prints', () => {
    for (const catalogueVersion of catalogueVersions.values())
      for (const { eventType, name } of catalogueVersion.entries)
        for (const given of [eventType, name, ` ${name.toUpperCase()} `])
          expect(selectEvents([given], { catalogueVersion }), given).toEqual({
            ok: true,
            eventTypes: [eventType],
          });
  });

  it('may be chosen by names of the newest catalogue version that the one of the connection lacks', () => {
    expect(selectEvents(['RCS Send'], of2022)).toEqual({ ok: true, eventTypes: ['users.messages.rcs.Send'] });
  });

  it('may be chosen by the names that the connection has instead of those of its catalogue version', () => {
    const options = { ...of2022, names: new Map([[send, 'Mail sent']]) };
    for (const name of ['Mail sent', 'mail SENT', 'Email Send'])
      expect(selectEvents([name], options)).toEqual({ ok: true, eventTypes: [send] });
  });

  it('are refused by a name that the connection gives to another event type than its catalogue version does', () => {
    const names = new Map([
      [open, 'Email Send'],
      [send, 'Mail sent'],
    ]);
    expect(selectEvents(['Email Send'], { ...of2022, names })).toEqual({
      ok: false,
      fault: `"Email Send" is a name of ${open} and of ${send}.`,
    });
  });

  it('are all with `all` among the names, which are checked nevertheless', () => {
    expect(selectEvents(['Email Send', 'ALL'], of2022)).toEqual({ ok: true, eventTypes: undefined });
    expect(selectEvents(['all', 'Emial Send'], of2022)).toMatchObject({ ok: false });
  });

  it.each([
    ['Emial Send', 'Unknown: "Emial Send" (did you mean Email Send?).'],
    ['users.messages.email.send2', `Unknown: "users.messages.email.send2" (did you mean ${send} or`],
    ['Mail was sen', 'Unknown: "Mail was sen" (did you mean Mail was sent?).'],
    ['fax', 'Unknown: "fax".'],
    [
      '[Braze Custom Event] Added to Cart',
      '"[Braze Custom Event] Added to Cart" is one custom event, which cannot be chosen alone: "Custom Event" chooses all of them.',
    ],
  ])('are refused by the name %j with what may be meant', (name, fault) => {
    const selected = selectEvents([name], {
      catalogueVersion: catalogue2026_07,
      names: new Map([[open, 'Mail was sent']]),
    });
    expect(selected).toMatchObject({ ok: false, fault: expect.stringContaining(fault) });
  });

  it('are refused with every wrong name, up to five', () => {
    const selected = selectEvents(['a1', 'b2', 'Email Send', 'c3', 'd4', 'e5', 'f6'], of2022);
    expect(selected.ok || selected.fault.match(/Unknown: "\w\d"/g)).toHaveLength(5);
  });
});
