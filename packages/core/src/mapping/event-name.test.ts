import { expect, it } from 'vitest';
import { catalogueVersions } from '../currents/index.ts';
import { eventNameOf } from './event-name.ts';

it.each([...catalogueVersions.values()])(
  'a custom event without a name has no placeholder as its name ($id)',
  catalogueVersion => {
    const event = { event_type: 'users.behaviors.CustomEvent', properties: { name: '' } };
    expect(eventNameOf(event, { catalogueVersion })).toBe('(custom event without a name)');
    expect(eventNameOf({ ...event, properties: { name: 'Paid' } }, { catalogueVersion })).toBe(
      '[Braze Custom Event] Paid',
    );
  },
);
