import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ConnectionStatus } from '../../src/observability/status.ts';
import { batchOf, emailSend } from '../../src/testing/events.ts';
import { type Behaviour, FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { asOperator, RunningService } from '../../src/testing/running-service.ts';

/** Event types, each with the catalogue versions that have it. */
const versionsOf: Record<string, readonly string[]> = {
  'users.messages.email.Send': ['2022-06', '2026-07'],
  'users.messages.email.Open': ['2022-06', '2026-07'],
  'users.behaviors.Purchase': ['2022-06', '2026-07'],
  'users.messages.newsfeedcard.Click': ['2022-06', '2026-07'],
  'users.messages.rcs.Send': ['2026-07'],
  'users.UserDeleteRequest': ['2026-07'],
  'users.messages.pigeon.Send': [],
};
const withoutTab = 'users.UserDeleteRequest';
const exclusions = {
  Purchase: (event: Sent) => event.type === 'users.behaviors.Purchase',
  'Email Open where machine_open': (event: Sent) =>
    event.type === 'users.messages.email.Open' && event.marked,
  '* where machine_open = true': (event: Sent) => event.marked,
};

interface Sent {
  readonly type: string;
  readonly marked: boolean;
  readonly user: 'ada' | 'refused' | 'anonymous' | undefined;
  readonly time: number | 'yesterday';
}
interface Choices {
  readonly generation: string;
  readonly unknown: string;
  readonly anonymous: string;
  readonly mode: string;
  readonly excluded: readonly (keyof typeof exclusions)[];
  readonly selected: 'default' | 'all and those without a tab' | 'Email Send';
}

const sent: fc.Arbitrary<Sent> = fc.record({
  type: fc.constantFrom(...Object.keys(versionsOf)),
  marked: fc.boolean(),
  user: fc.constantFrom('ada', 'ada', 'refused', 'anonymous', undefined),
  time: fc.constantFrom<Sent['time'][]>(1_700_000_000, 1_700_000_000, 1_700_000_000, 'yesterday'),
});
const choices: fc.Arbitrary<Choices> = fc.record({
  generation: fc.constantFrom('2022-06', '2026-07'),
  unknown: fc.constantFrom('keep', 'send'),
  anonymous: fc.constantFrom('skip', 'unattributed'),
  mode: fc.constantFrom('live', 'live', 'shadow'),
  excluded: fc.subarray(Object.keys(exclusions) as (keyof typeof exclusions)[]),
  selected: fc.constantFrom('default', 'all and those without a tab', 'Email Send'),
});

const eventOf = ({ type, marked, user, time }: Sent) =>
  emailSend({
    ...{ event_type: type, time, user: user === undefined ? {} : { external_user_id: user } },
    properties: marked ? { machine_open: true } : {},
  });

const settingsOf = ({ generation, unknown, anonymous, mode, excluded, selected }: Choices) => ({
  ...{ CURRENTS_GENERATION: generation, CURRENTS_UNKNOWN: unknown, ANONYMOUS: anonymous },
  ...{ DELIVERY_MODE: mode, CURRENTS_EXCLUDE: excluded.join(', ') },
  CURRENTS_EVENTS: {
    default: '',
    'Email Send': 'Email Send',
    'all and those without a tab': allOf(generation),
  }[selected],
});
const allOf = (generation: string) => (generation === '2026-07' ? `all, ${withoutTab}` : 'all');

/** What becomes of an event, by the first of the documented rules that applies. */
function outcomeOf(
  event: Sent,
  { generation, unknown, anonymous, mode, excluded, selected }: Choices,
): string {
  if (selected === 'Email Send' && event.type !== 'users.messages.email.Send') return 'skipped not_selected';
  const rule = excluded.find(each => exclusions[each](event));
  if (rule !== undefined) return `skipped excluded ${rule}`;
  const isKnown = versionsOf[event.type]?.includes(generation);
  if (isKnown && event.type === withoutTab && selected === 'default') return 'skipped no_mixpanel_event';
  if (!isKnown && unknown === 'keep') return 'dead unknown_event_type';
  if (event.user === undefined && anonymous === 'skip') return 'skipped no_external_user_id';
  if (event.user === 'anonymous') return 'dead refused_distinct_id';
  if (event.time === 'yesterday') return 'dead invalid_time';
  if (mode === 'shadow') return 'skipped shadow';
  return event.user === 'refused' ? 'dead refused_by_mixpanel' : 'imported';
}

/** Counts of a status in the form of the outcomes. */
function countsOf({ imported, skipped, excluded, deadLettered }: ConnectionStatus): Record<string, number> {
  const { excluded: _, ...others } = skipped;
  const named = (prefix: string, counts: Readonly<Record<string, number>>) =>
    Object.entries(counts).map(([name, count]) => [`${prefix} ${name}`, count] as const);
  return Object.fromEntries([
    ...[['imported', imported] as const, ...named('skipped', others)],
    ...[...named('skipped excluded', excluded), ...named('dead', deadLettered)],
  ]);
}
const difference = (after: Record<string, number>, before: Record<string, number>) =>
  Object.fromEntries(
    Object.entries(after)
      .map(([name, count]) => [name, count - (before[name] ?? 0)] as const)
      .filter(([, count]) => count !== 0),
  );
const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((a, b) => a + b, 0);

/** Mixpanel imports all events but those of the user `refused`. */
const refusesOne: Behaviour = request => {
  const failed = request.events.flatMap(({ properties }, index) =>
    properties.distinct_id === 'refused'
      ? [{ index, insert_id: properties.$insert_id, field: 'properties.distinct_id', message: 'refused' }]
      : [],
  );
  request.store(request.events.filter(({ properties }) => properties.distinct_id !== 'refused'));
  const count = request.events.length - failed.length;
  if (failed.length === 0) request.answer(200, { code: 200, num_records_imported: count, status: 'OK' });
  else request.answer(400, { code: 400, num_records_imported: count, failed_records: failed });
};

/** Forgets a user. @returns number of dead letters that were deleted */
async function forget(service: RunningService, externalId: string): Promise<number> {
  const init = { method: 'POST', headers: asOperator, body: JSON.stringify({ externalId, confirm: true }) };
  const answer = await (await fetch(`${service.service.url}/api/forget`, init)).json();
  expect(answer).toMatchObject({ complete: true, pending: 0 });
  return (answer as { deadLetters: number }).deadLetters;
}

/** Lets a forgotten user come back. */
async function lift(service: RunningService, externalId: string): Promise<void> {
  const init = { method: 'POST', headers: asOperator, body: JSON.stringify({ externalId }) };
  expect((await fetch(`${service.service.url}/api/forget/lift`, init)).status).toBe(200);
}

it('Under any choices, each event has the one outcome of the documented rules, and after forgetting a user and a replay too none is lost', async () => {
  await using mixpanel = await FakeMixpanel.start();
  mixpanel.behaviour = refusesOne;
  await using service = await RunningService.start({ MIXPANEL_API_URL: mixpanel.url });
  const batches = fc.array(fc.array(sent, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(choices, batches), { minLength: 1, maxLength: 3 }), async turns => {
      for (const [chosen, bodies] of turns) {
        expect(await service.reload(settingsOf(chosen))).toBe(true);
        const before = await service.connection();
        const inMixpanel = mixpanel.unique.size;
        for (const body of bodies) await service.post(batchOf(...body.map(eventOf)));
        const after = await service.settled();
        const expected: Record<string, number> = {};
        for (const event of bodies.flat()) {
          const outcome = outcomeOf(event, chosen);
          expected[outcome] = (expected[outcome] ?? 0) + 1;
        }
        expect(difference(countsOf(after), countsOf(before))).toEqual(expected);
        expect(after.accepted - before.accepted).toBe(bodies.flat().length);
        expect(mixpanel.unique.size - inMixpanel).toBe(expected.imported ?? 0);
        expect(sum(after.excluded)).toBe(after.skipped.excluded ?? 0);
      }
      const before = await service.connection();
      const { accepted } = before;
      const deleted = await forget(service, 'refused');
      const after = await service.connection();
      expect((after.skipped.forgotten ?? 0) - (before.skipped.forgotten ?? 0)).toBe(deleted);
      expect(sum(before.deadLettered) - sum(after.deadLettered)).toBe(deleted);
      expect(sum(countsOf(after))).toBe(accepted);
      await fetch(`${service.service.url}/api/dead-letters/replay`, { method: 'POST', headers: asOperator });
      const replayed = await service.settled();
      expect(replayed.accepted).toBe(accepted);
      expect(sum(countsOf(replayed))).toBe(accepted);
      expect(mixpanel.unique.size).toBe(replayed.imported);
      await lift(service, 'refused');
    }),
    { numRuns: 25 },
  );
});
