import { describe, expect, it } from 'vitest';
import { externalIds } from './external-ids.ts';

const eventOf = (id: unknown) => ({ user: { external_user_id: id } });

describe('the external IDs of a batch', () => {
  it('have each ID once, a number as its digits, and none of events without one', () => {
    const events = ['ada', 7, '7', ' ', '', null, undefined, 'ada'].map(eventOf);
    expect(externalIds([...events, {}, null, 'text', { user: 'ada' }])).toEqual(['ada', '7']);
  });

  it('have a form of their own for numbers that JSON has rounded', () => {
    expect(externalIds([eventOf(1e20)])).toEqual(['rounded 100000000000000000000']);
  });

  it.each([[['ada']], [{ id: 'ada' }], [true]])('are not known where an event has the ID %j', id => {
    expect(externalIds([eventOf('bob'), eventOf(id)])).toBeUndefined();
  });
});
