import { catalogue2022_06 } from '@braze-mixpanel/core/currents';
import { mappingOptionsText } from '@braze-mixpanel/core/mapping';
import { projectTimeZone } from '@braze-mixpanel/core/mixpanel';
import { expect, it } from 'vitest';
import { emailSend } from '../../testing/events.ts';
import { bodyOf } from '../body/stored-body.ts';
import { mapRow } from './map-rows.ts';
import { outcomeOf } from './outcome.ts';
import { settlementOf } from './settlement.ts';

const seconds = (text: string) => Date.parse(text) / 1_000;
const noon = seconds('2026-01-02T12:00:00Z');

/** The outcome of events that were received on 2026-01-02; Mixpanel imports the mapped ones. */
function outcome(
  events: readonly unknown[],
  { shadow = false, zone }: { shadow?: boolean; zone?: string } = {},
) {
  const receivedAt = noon * 1_000;
  const row = mapRow(
    {
      ...{ id: 1, connection: 'default', attempts: 0, receivedAt, events: events.length },
      body: bodyOf(events.map(event => JSON.stringify(event))),
      profile: mappingOptionsText({ catalogueVersion: catalogue2022_06, ...(shadow && { shadow }) }),
    },
    receivedAt,
  );
  const kind = shadow ? 'would_be_sent' : 'imported';
  const answers = new Map(row.outbound.map(event => [event, { kind } as const]));
  const company = zone === undefined ? undefined : projectTimeZone(zone);
  return outcomeOf(settlementOf(row, answers, company), receivedAt);
}

const day = '2026-01-02';

it('counts imported events of the day of their receipt in the counts by day alone', () => {
  expect(outcome([emailSend({ time: noon })])).toMatchObject({
    days: [{ day, event: 'Email Send', count: 1 }],
    dayOutcomes: [],
  });
});

it('counts skipped events by their name and the day of their time', () => {
  const anonymous = { user: { user_id: 'x' } };
  const custom = {
    ...emailSend({ ...anonymous, time: noon - 86_400 }),
    ...{ event_type: 'users.behaviors.CustomEvent', properties: { name: 'Signed Up' } },
  };
  const two = [emailSend({ ...anonymous, time: noon }), emailSend({ ...anonymous, time: 'soon' })];
  expect(outcome([...two, custom]).dayOutcomes).toEqual([
    { day, event: 'Email Send', kind: 'skipped', reason: 'no_external_user_id', count: 2 },
    {
      ...{ day: '2026-01-01', event: '[Braze Custom Event] Signed Up' },
      ...{ kind: 'skipped', reason: 'no_external_user_id', count: 1 },
    },
  ]);
});

it('counts a dead letter under its name and day, even one that was not mapped', () => {
  const { deadLetters } = outcome([
    emailSend({ time: -1 }),
    'no event',
    emailSend({ event_type: 'users.new', time: 1 }),
  ]);
  expect(deadLetters.map(({ counted }) => counted)).toEqual([
    { day, event: 'Email Send' },
    { day, event: '' },
    { day, event: 'users.new' },
  ]);
});

it('counts events of shadow mode as skipped, and events of another day than their receipt as late', () => {
  expect(outcome([emailSend({ time: noon - 86_400 })], { shadow: true }).dayOutcomes).toEqual([
    { day: '2026-01-01', event: 'Email Send', kind: 'skipped', reason: 'shadow', count: 1 },
    { day: '2026-01-01', event: 'Email Send', kind: 'late', reason: '', count: 1 },
  ]);
});

it('counts events that are on another day in the time zone of the company', () => {
  const events = [0, 19, 23].map(hours =>
    emailSend({ time: seconds('2026-01-01T00:00:00Z') + hours * 3_600 }),
  );
  const moved = (zone: string) =>
    outcome(events, { zone }).dayOutcomes?.filter(({ kind }) => kind !== 'late');
  const rest = { day: '2026-01-01', event: 'Email Send', reason: '' };
  expect(moved('Asia/Kolkata')).toEqual([{ ...rest, kind: 'day_after', count: 2 }]);
  expect(moved('America/New_York')).toEqual([{ ...rest, kind: 'day_before', count: 1 }]);
});
