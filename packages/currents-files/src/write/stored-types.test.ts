import { catalogue2022_06, catalogue2026_07, glossary2026_07 } from '@braze-mixpanel/core/currents';
import { expect, it } from 'vitest';
import { storedTypes } from './stored-types.ts';

const namesOf = (types: ReturnType<typeof storedTypes>, eventType: string) =>
  types.get(eventType)?.storage.map(({ name }) => name);

it('files of 2022-06 have 41 event types, and in-app messages without a version', () => {
  const types = storedTypes(catalogue2022_06);
  expect([...types.keys()].sort()).toEqual([...catalogue2022_06.byType.keys()].sort());
  expect(namesOf(types, 'users.messages.inappmessage.Click')).not.toContain('version');
  expect(namesOf(types, 'users.messages.newsfeedcard.Click')).toContain('card_id');
  expect(namesOf(types, 'users.behaviors.app.NewsFeedImpression')).not.toContain('timezone');
});

it('files of 2026-07 have the 94 event types of the glossary', () => {
  const types = storedTypes(catalogue2026_07);
  expect([...types.keys()]).toEqual(glossary2026_07.map(({ eventType }) => eventType));
  expect(namesOf(types, 'users.messages.inappmessage.Click')).toContain('version');
});
