import { catalogue2022_06, catalogueVersions } from '@braze-mixpanel/core/currents';
import { describe, expect, it } from 'vitest';
import { call } from '../control.ts';
import { startStack } from '../stack.ts';
import { sandboxKeys } from '../wiring.ts';
import { type EventsOutcome, playEvents, problemsOfEvents } from './events.ts';

describe('the events scenario', () => {
  it.each([...catalogueVersions.values()])(
    'ends with every event of $id imported, skipped or in dead letters',
    async catalogueVersion => {
      await using stack = await startStack({ catalogueVersion });
      const outcome = await playEvents(stack, catalogueVersion);
      expect(problemsOfEvents(outcome, catalogueVersion)).toEqual([]);
      expect(await call('GET', `${stack.braze}/_sim/oracle`)).toMatchObject({
        right: true,
        emitted: outcome.emitted,
        exactlyOnce: outcome.imported,
      });
      const { deadLetters } = await call<{ deadLetters: { reason: string }[] }>(
        'GET',
        `${stack.service}/api/dead-letters`,
        undefined,
        { token: sandboxKeys.adminToken },
      );
      expect(deadLetters.map(({ reason }) => reason)).toEqual(['refused_distinct_id']);
    },
  );

  const settled: EventsOutcome = {
    emitted: 45,
    resent: 10,
    imported: 41,
    stored: 60,
    skipped: { no_external_user_id: 3 },
    deadLettered: 1,
    eventNames: [],
  };
  it.each([
    ['an event got lost', { imported: 40 }, /emitted 45 events, 44 are accounted for/],
    ['an event was duplicated', { imported: 42 }, /emitted 45 events, 46 are accounted for/],
    ['an event type is missing', {}, /Mixpanel has no event named .*Email Send/],
    ['a user without external id got through', { skipped: {} }, /No event without external id/],
  ])('reports a problem when %s', (_, change, problem) => {
    expect(problemsOfEvents({ ...settled, ...change }, catalogue2022_06).join('\n')).toMatch(problem);
  });
});
