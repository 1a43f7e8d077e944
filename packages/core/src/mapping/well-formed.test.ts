import { describe, expect, it } from 'vitest';
import { catalogue2022_06 } from '../currents/index.ts';
import { mapEvent } from './index.ts';

const high = '\ud83c';
const map = (external_user_id: string, custom_properties: unknown, id = 'a-1') => {
  const result = mapEvent(
    {
      event_type: 'users.behaviors.CustomEvent',
      id,
      time: 1_660_000_000,
      user: { external_user_id },
      properties: { name: `Bought${high}`, custom_properties },
    },
    { catalogueVersion: catalogue2022_06 },
    1_660_000_100_000,
  );
  if (result.outcome !== 'mapped') throw new Error(`not mapped: ${JSON.stringify(result)}`);
  return result;
};

describe('lone surrogates', () => {
  it('are replaced everywhere: name, user, key, text, and within containers', () => {
    const { event, notes } = map(`user${high}`, { [`k${high}`]: high, list: [{ [high]: high }] });
    expect(event.event).toBe('[Braze Custom Event] Bought\ufffd');
    expect(event.properties).toMatchObject({
      distinct_id: 'user\ufffd',
      '[Custom event property] k\ufffd': '\ufffd',
      '[Custom event property] list': [{ '\ufffd': '\ufffd' }],
    });
    expect(notes?.textRepaired).toBe(true);
  });

  it('leave a text that survives UTF-8 encoding and decoding, with its length', () => {
    const { json, bytes } = map(high, { [high]: high });
    const utf8 = new TextEncoder().encode(json);
    expect(new TextDecoder('utf-8', { fatal: true }).decode(utf8)).toBe(json);
    expect(JSON.parse(json)).toEqual(map(high, { [high]: high }).event);
    expect(json).not.toContain('\\ud');
    expect(bytes).toBe(utf8.length);
  });

  it('lose no property whose name differs only in them', () => {
    const { event } = map('user-1', { '\ud800': 1, '\ud801': 2 });
    expect(event.properties).toMatchObject({
      '[Custom event property] \ufffd': 1,
      '[Custom event property] \ufffd#2': 2,
    });
  });

  it('still distinguish two event IDs', () => {
    const insertId = (id: string) => map('user-1', {}, id).event.properties.$insert_id;
    expect(insertId('\ud800')).not.toBe(insertId('\ud801'));
  });

  it('are not found in a text that only spells their escape', () => {
    const result = mapEvent(
      {
        event_type: 'users.canvas.Entry',
        id: 'a-1',
        time: 1_660_000_000,
        user: { external_user_id: 'user-1' },
        properties: { canvas_name: 'the escape \\ud800 and a whole 🎉' },
      },
      { catalogueVersion: catalogue2022_06 },
      1_660_000_100_000,
    );
    expect(result).toMatchObject({
      outcome: 'mapped',
      notes: undefined,
      event: { properties: { canvas_name: 'the escape \\ud800 and a whole 🎉' } },
    });
  });
});
