import fc from 'fast-check';
import { expect, it } from 'vitest';
import { catalogue2026_07, sampleEvent, seededRandom } from '../currents/index.ts';
import { mapEvent } from './map-event.ts';

const entries = catalogue2026_07.entries.filter(({ noMixpanelEvent }) => !noMixpanelEvent);
const options = { catalogueVersion: catalogue2026_07, sendUserId: true };

it('a mapped event has exactly the listed properties that its event has, whichever events came before', () => {
  fc.assert(
    fc.property(fc.constantFrom(...entries), fc.infiniteStream(fc.boolean()), (entry, keeps) => {
      const sample = sampleEvent(entry, {
        random: seededRandom(1),
        time: 1_767_225_600,
        externalUserId: 'a',
      });
      const kept = Object.entries(sample.properties).map(([name, value]) => [
        name,
        name === entry.naming?.wire || keeps.next().value ? value : null,
      ]);
      const result = mapEvent({ ...sample, properties: Object.fromEntries(kept) }, options, Date.now());
      if (result.outcome !== 'mapped') throw new Error(result.outcome);
      const { time, distinct_id, $insert_id, $partner_id, $user_id, ...own } = result.event.properties;
      expect({ time, distinct_id, $insert_id, $partner_id, $user_id }).toEqual({
        time: 1_767_225_600,
        distinct_id: 'a',
        $insert_id: sample.id,
        $partner_id: 'braze',
        $user_id: 'a',
      });
      const present = new Map(kept.filter(([, value]) => value !== null) as [string, unknown][]);
      const listed = entry.properties.flatMap(({ wire, mixpanel, source }) =>
        source === 'user' || present.has(wire) ? [mixpanel] : [],
      );
      const free = entry.free?.prefix;
      expect(Object.keys(own).filter(name => free === undefined || !name.startsWith(free))).toEqual(listed);
      expect(Object.values(own)).not.toContain(null);
    }),
    { numRuns: 500 },
  );
});
