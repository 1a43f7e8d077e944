import { catalogueVersions, sampleEvent, seededRandom } from '@braze-mixpanel/core/currents';
import { mapEvent } from '@braze-mixpanel/core/mapping';
import { expect, it } from 'vitest';
import { referenceMapping } from './reference-mapping.ts';

it.each([...catalogueVersions.values()])(
  'the reference mapping of $id gives the text of the mapper for every event type that Braze sends',
  catalogueVersion => {
    const reference = referenceMapping(catalogueVersion);
    const random = seededRandom(3);
    for (const entry of catalogueVersion.entries.filter(({ noMixpanelEvent }) => !noMixpanelEvent)) {
      const event = sampleEvent(entry, { random, time: 1_767_225_600, externalUserId: 'customer-1' });
      const mapped = mapEvent(event, { catalogueVersion }, 1_767_225_600_000);
      expect(mapped).toMatchObject({ outcome: 'mapped', json: reference(event) });
    }
  },
);

it('the reference mapping refuses an event type that the catalogue version lacks', () => {
  const [catalogueVersion] = catalogueVersions.values();
  const event = { event_type: 'users.unknown', id: 'a', time: 1_767_225_600, user: {}, properties: {} };
  expect(() => referenceMapping(catalogueVersion!)(event)).toThrow(/has no event type users\.unknown/);
});
