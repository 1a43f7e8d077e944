import { ask } from '../service/counts.ts';
import { dayOf, type Month } from './month.ts';

/** A seeded kind of loss, doubling or delay, and what the report has to say of it. */
export interface Fault {
  readonly title: string;
  /** Event type that has it, and no other fault. */
  readonly type: string;
  /** Name in Mixpanel. */
  readonly event: string;
  /** Days of the month. */
  readonly days: readonly number[];
  /** Cause, or its reason; `unexplained` for a loss without a trace; `late` for a delay alone. */
  readonly expected: string;
  /** Emits the events of a day of the fault. */
  readonly emit: (month: Month, day: number, events: number) => Promise<unknown>;
  /** What is still so when the report is made. */
  readonly after?: (month: Month) => Promise<unknown>;
  /** Of each of its events, other causes that come with it. */
  readonly alongside?: Readonly<Record<string, number>>;
  /** Share of the day's events that is affected; 1 by default. */
  readonly counts?: (events: number) => number;
}

const half = (events: number) => Math.floor(events / 2);
const eventsOf = ({ event }: Month, type: string, day: number, events: number, more = {}) =>
  Array.from({ length: events }, () => event(type, day, more));
const plainly = (type: string) => async (month: Month, day: number, events: number) =>
  month.emit(eventsOf(month, type, day, events));

/** Imports events as another sender, with their IDs as `$insert_id`. */
async function importBeside(
  month: Month,
  name: string,
  events: readonly ReturnType<Month['event']>[],
): Promise<void> {
  const rows = events.map(({ id, time, user }) => ({
    event: name,
    properties: { time, distinct_id: user.external_user_id, $insert_id: id },
  }));
  const answer = await fetch(`${month.mixpanelUrl}/import?strict=1&project_id=${month.project}`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from('service-account:service-secret').toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(rows),
  });
  if (answer.status !== 200) throw new Error(`The other sender got ${answer.status}: ${await answer.text()}`);
}

/** Adds a fault of the simulator for the import of one day. */
const whileImporting =
  (fault: { kind: 'partial'; share: number } | { kind: 'lost-answer' }, type: string): Fault['emit'] =>
  async (month, day, events) => {
    await month.mixpanel.request('POST faults', { body: { route: 'import', times: 1, ...fault } });
    await month.emit(eventsOf(month, type, day, events));
  };

/** The event type that the Current does not send. */
export const notInCurrent = 'users.messages.email.Click';

export const faults: readonly Fault[] = [
  {
    title: 'an event type that the Current lacks',
    ...{ type: notInCurrent, event: 'Email Click', days: [2, 20], expected: 'not_in_current' },
    emit: plainly(notInCurrent),
  },
  {
    title: 'a Current that is paused',
    ...{ type: 'users.messages.email.Send', event: 'Email Send', days: [3], expected: 'unexplained' },
    async emit(month, day, events) {
      const params = { id: month.current };
      await month.braze.request('POST currents/:id/pause', { params });
      await month.emit(eventsOf(month, this.type, day, events));
      await month.braze.request('POST currents/:id/launch', { params });
    },
  },
  {
    title: 'batches that Braze sends twice',
    ...{
      type: 'users.messages.email.Delivery',
      event: 'Email Delivery',
      days: [5],
      expected: 'resent_by_braze',
    },
    emit: (month, day, events) =>
      month.emit(eventsOf(month, 'users.messages.email.Delivery', day, events), 1),
  },
  {
    title: 'events of users without an external ID that Braze sends twice',
    ...{ type: 'users.messages.email.MarkAsSpam', event: 'Email Mark As Spam', days: [19, 21] },
    ...{ expected: 'resent_by_braze', alongside: { no_external_user_id: 2 } },
    emit(month, day, events) {
      const sent = eventsOf(month, this.type, day, events);
      return month.emit(
        sent.map(event => ({ ...event, user: { user_id: event.user.user_id } })),
        1,
      );
    },
  },
  {
    title: 'dead letters that Braze sends twice',
    ...{ type: 'users.messages.sms.Rejection', event: 'SMS Rejection', days: [22] },
    ...{ expected: 'resent_by_braze', alongside: { refused_distinct_id: 2 } },
    emit(month, day, events) {
      const sent = eventsOf(month, this.type, day, events, { user: 'anonymous' });
      return month.emit(sent, 1);
    },
  },
  {
    title: 'an evening of a campaign that was deleted, which is the next day at the company',
    ...{ type: 'users.messages.pushnotification.Open', event: 'Push Notification Open', days: [23] },
    ...{ expected: 'not_in_lists', alongside: { day_boundary: 1 } },
    emit(month, day, events) {
      const more = { hour: 20, properties: { campaign_id: 'deleted' } };
      const evening = eventsOf(month, this.type, day - 1, events, more);
      return month.emit([...evening, ...eventsOf(month, this.type, day, events)]);
    },
    after: month => month.braze.request('DELETE campaigns/:id', { params: { id: 'deleted' } }),
  },
  {
    title: 'users without an external ID',
    ...{ type: 'users.messages.email.Open', event: 'Email Open', days: [6], expected: 'no_external_user_id' },
    counts: half,
    emit: (month, day, events) =>
      month.emit(
        eventsOf(month, 'users.messages.email.Open', day, events).map((event, place) =>
          place < half(events) ? { ...event, user: { user_id: event.user.user_id } } : event,
        ),
      ),
  },
  {
    title: 'an event type that is excluded',
    ...{ type: 'users.messages.email.Bounce', event: 'Email Bounce', days: [7], expected: 'excluded' },
    emit: (month, day, events) =>
      month.emit(
        eventsOf(month, 'users.messages.email.Bounce', day, events, {
          properties: { campaign_id: 'excluded' },
        }),
      ),
  },
  {
    title: 'events that cannot be mapped',
    ...{ type: 'users.messages.sms.Send', event: 'SMS Send', days: [8], expected: 'invalid_id' },
    counts: half,
    emit: (month, day, events) =>
      month.emit(
        eventsOf(month, 'users.messages.sms.Send', day, events).map((event, place) =>
          place < half(events) ? { ...event, id: '' } : event,
        ),
      ),
  },
  {
    title: 'events that Mixpanel refuses',
    ...{
      type: 'users.messages.sms.Delivery',
      event: 'SMS Delivery',
      days: [9],
      expected: 'refused_by_mixpanel',
    },
    emit: whileImporting({ kind: 'partial', share: 1 }, 'users.messages.sms.Delivery'),
  },
  {
    title: 'an import whose answer is lost',
    ...{ type: 'users.messages.webhook.Send', event: 'Webhook Send', days: [10], expected: 'sent_again' },
    emit: whileImporting({ kind: 'lost-answer' }, 'users.messages.webhook.Send'),
  },
  {
    title: 'a second sender',
    ...{
      type: 'users.messages.pushnotification.Bounce',
      event: 'Push Notification Bounce',
      days: [11, 12],
      expected: 'second_sender',
    },
    async emit(month, day, events) {
      const sent = eventsOf(month, this.type, day, events);
      await month.emit(sent);
      await importBeside(
        month,
        this.event,
        sent.map((event, place) => ({ ...event, id: `other-${day}-${place}` })),
      );
    },
  },
  {
    title: 'another sender with the same IDs, beside a deleted campaign of which some events are skipped',
    ...{ type: 'users.messages.sms.DeliveryFailure', event: 'SMS Delivery Failure', days: [26] },
    ...{ expected: 'sent_again', alongside: { repeated: 1, not_in_lists: 1, no_external_user_id: 0.5 } },
    counts: events => 2 * events,
    async emit(month, day, events) {
      const of = (more = {}) => eventsOf(month, this.type, day, events, { user: 'ada', ...more });
      const ofDeleted = { properties: { campaign_id: 'deleted-beside' } };
      const [first, ...others] = [...of(), ...of(ofDeleted)];
      // All in one second, as events of a second sender are.
      const sent = [first!, ...others.map(event => ({ ...event, time: first!.time }))];
      const skipped = of(ofDeleted).map(event => ({ ...event, user: { user_id: event.user.user_id } }));
      await month.emit([...sent, ...skipped]);
      await importBeside(month, this.event, sent);
    },
    after: month => month.braze.request('DELETE campaigns/:id', { params: { id: 'deleted-beside' } }),
  },
  {
    title: 'a user who is deleted in Mixpanel',
    ...{ type: 'users.messages.sms.CarrierSend', event: 'SMS Send To Carrier', days: [24, 25] },
    expected: '1 user',
    emit: (month, day, events) =>
      month.emit(eventsOf(month, 'users.messages.sms.CarrierSend', day, events, { user: 'deleted' })),
    async after(month) {
      await ask(month.service, 'POST', '/api/forget', {
        externalId: 'deleted',
        confirm: true,
        vendors: true,
      });
      await month.passDay();
      for (const { id } of await month.mixpanel.request('GET data-deletions'))
        await month.mixpanel.request('PUT data-deletions/:id', {
          params: { id },
          body: { status: 'SUCCESS' },
        });
    },
  },
  {
    title: 'one user with too many events',
    ...{
      type: 'users.messages.contentcard.Impression',
      event: 'Content Card Impression',
      days: [13],
      expected: 'renamed_by_mixpanel',
    },
    counts: events => events - 4,
    async emit(month, day, events) {
      await month.mixpanel.request('PUT settings', { body: { hotShardEvents: 4 } });
      await month.emit(eventsOf(month, this.type, day, events, { user: 'guest' }));
      await month.delivered();
      await month.mixpanel.request('PUT settings', { body: { hotShardEvents: null } });
    },
  },
  {
    title: 'an event that Lexicon drops',
    ...{ type: 'users.messages.contentcard.Click', event: 'Content Card Click', days: [28, 29, 30] },
    expected: 'dropped_by_mixpanel',
    async emit(month, day, events) {
      const params = { name: this.event };
      await month.mixpanel.request('PUT lexicon/events/:name', { params, body: { dropped: true } });
      await month.emit(eventsOf(month, this.type, day, events));
    },
  },
  {
    title: 'a drop filter, of which no API tells',
    ...{
      type: 'users.messages.contentcard.Send',
      event: 'Content Card Send',
      days: [14],
      expected: 'unexplained',
    },
    async emit(month, day, events) {
      const body = { event: this.event, where: [{ property: 'campaign_id', equals: 'dropped' }] };
      await month.mixpanel.request('POST drop-filters', { body });
      await month.emit(eventsOf(month, this.type, day, events, { properties: { campaign_id: 'dropped' } }));
    },
  },
  {
    title: 'an event that is hidden',
    ...{ type: 'users.messages.inappmessage.Impression', event: 'In-App Message Impression', days: [15] },
    expected: 'hidden',
    emit: plainly('users.messages.inappmessage.Impression'),
    after: month =>
      month.mixpanel.request('PUT lexicon/events/:name', {
        ...{ params: { name: 'In-App Message Impression' }, body: { hidden: true } },
      }),
  },
  {
    title: 'events that come three days late',
    ...{
      type: 'users.messages.pushnotification.Send',
      event: 'Push Notification Send',
      days: [16],
      expected: 'late',
    },
    emit: (month, day, events) =>
      month.emit(eventsOf(month, 'users.messages.pushnotification.Send', day - 3, events)),
  },
  {
    title: 'an evening that is the next day at the company',
    ...{
      type: 'users.messages.inappmessage.Click',
      event: 'In-App Message Click',
      days: [17],
      expected: 'day_boundary',
    },
    emit: (month, day, events) =>
      month.emit(eventsOf(month, 'users.messages.inappmessage.Click', day - 1, events, { hour: 20 })),
  },
  {
    title: 'users who enter a Canvas twice',
    ...{ type: 'users.canvas.Entry', event: 'Canvas Entry', days: [18], expected: 'defined_differently' },
    counts: events => events - 1,
    emit: (month, day, events) => {
      const entries = eventsOf(month, 'users.canvas.Entry', day, events);
      return month.emit(
        entries.map(entry => ({ ...entry, user: { user_id: 'ada', external_user_id: 'ada' } })),
      );
    },
  },
  {
    title: 'events that wait for Mixpanel',
    ...{ type: 'users.behaviors.Purchase', event: 'Purchase', days: [30], expected: 'waiting' },
    async emit(month, day, events) {
      await month.mixpanel.request('POST faults', { body: { route: 'import', kind: 'status', status: 503 } });
      await month.emit(eventsOf(month, this.type, day, events));
    },
  },
];

/** Day of the row that a fault shows in: a late event counts on its own day. */
export const rowDay = ({ expected }: Fault, day: number): string =>
  dayOf(expected === 'late' ? day - 3 : expected === 'day_boundary' ? day - 1 : day);
