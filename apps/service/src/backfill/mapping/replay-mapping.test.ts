import { catalogue2022_06, catalogue2026_07 } from '@braze-mixpanel/core/currents';
import { mappingOptionsText, parseMappingOptions } from '@braze-mixpanel/core/mapping';
import { expect, it } from 'vitest';
import { replayMapping } from './replay-mapping.ts';

const past = mappingOptionsText({ catalogueVersion: catalogue2022_06, shadow: true });
const present = mappingOptionsText({ catalogueVersion: catalogue2026_07, sendUserId: true });
const letter = { connection: 'main:backfill', reason: 'refused_by_mixpanel', profile: past };

it('A back-filled event keeps what makes it the same event to Mixpanel, and nothing else of its options', () => {
  const options = parseMappingOptions(replayMapping(letter, present)!);
  expect(options).toMatchObject({ catalogueVersion: { id: '2022-06' } });
  expect(options).not.toHaveProperty('sendUserId');
  expect(options).not.toHaveProperty('shadow');
});

it('Events of Currents, and those of unknown types, are replayed under the present options', () => {
  expect(replayMapping({ ...letter, connection: 'main' }, present)).toBe(present);
  expect(replayMapping({ ...letter, reason: 'unknown_event_type' }, present)).toBe(present);
});

it('A catalogue version of a newer release leaves a replay without options', () => {
  const newest = { ...catalogue2026_07, id: '2031-01' };
  const profile = mappingOptionsText({ catalogueVersion: newest });
  expect(replayMapping({ ...letter, profile }, present)).toBeUndefined();
});
