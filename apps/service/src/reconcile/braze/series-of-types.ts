/**
 * Which number of Braze's own analytics counts the events of a type. Types that are not listed have no series.
 *
 * Source: Braze documentation, API: GET /campaigns/data_series, GET /canvas/data_series, GET /events/data_series,
 * GET /purchases/quantity_series, and the glossary of report metrics, read 2026.
 */
export type Series =
  | {
      readonly from: 'messages';
      readonly channels: readonly string[];
      /** Added up. */
      readonly statistics: readonly string[];
      /** The statistic of opens by machines, which `statistics` contain. */
      readonly byMachines?: string;
      /** Braze counts a user once who does it again, so the number is at most that of the events. */
      readonly countsUsers?: true;
    }
  /** Braze counts users of the day, so the number is at most that of the events. */
  | { readonly from: 'canvas_users'; readonly statistics: readonly string[] }
  | { readonly from: 'campaign_conversions' }
  | { readonly from: 'custom_events' | 'purchases' };

/** Channels of push messages; the reference has `ios_push` in its example, and `apple_push` in its list. */
const push = [
  ...['ios_push', 'apple_push', 'android_push', 'kindle_push', 'web_push'],
  ...['windows_phone8_push', 'windows_universal_push'],
];
const of = (channels: readonly string[], ...statistics: readonly string[]): Series => ({
  ...{ from: 'messages', channels, statistics },
});
const email = (statistic: string) => of(['email'], statistic);
const sms = (statistic: string) => of(['sms'], statistic);
const whatsApp = (statistic: string) => of(['whats_app'], statistic);
const card = (statistic: string) => of(['content_cards'], statistic);
const ofUsers = (series: Series): Series => ({ ...series, countsUsers: true }) as Series;
const inApp = ['trigger_in_app_message', 'in_app_message'];

/** The names of the conversions of the behaviors A to D. */
export const conversions = ['conversions', 'conversions1', 'conversions2', 'conversions3'];

/** By event type of Currents. */
export const seriesOfTypes: ReadonlyMap<string, Series> = new Map<string, Series>([
  ['users.messages.email.Send', email('sent')],
  ['users.messages.email.Delivery', email('delivered')],
  ['users.messages.email.Open', { ...email('opens'), byMachines: 'machine_opens' } as Series],
  ['users.messages.email.Click', email('clicks')],
  ['users.messages.email.Bounce', email('bounces')],
  ['users.messages.email.MarkAsSpam', email('reported_spam')],
  // Recipients whose subscription state changed, and users who dismissed a card: each once.
  ['users.messages.email.Unsubscribe', ofUsers(email('unsubscribes'))],
  ['users.messages.pushnotification.Send', of(push, 'sent')],
  ['users.messages.pushnotification.Open', of(push, 'direct_opens')],
  ['users.messages.pushnotification.Bounce', of(push, 'bounces')],
  ['users.messages.webhook.Send', of(['webhook'], 'sent')],
  ['users.messages.webhook.Failure', of(['webhook'], 'errors')],
  ['users.messages.sms.Send', sms('sent')],
  ['users.messages.sms.CarrierSend', sms('sent_to_carrier')],
  ['users.messages.sms.Delivery', sms('delivered')],
  ['users.messages.sms.Rejection', sms('rejected')],
  ['users.messages.sms.DeliveryFailure', sms('delivery_failed')],
  ['users.messages.sms.ShortLinkClick', sms('clicks')],
  ['users.messages.whatsapp.Send', whatsApp('sent')],
  ['users.messages.whatsapp.Delivery', whatsApp('delivered')],
  ['users.messages.whatsapp.Failure', whatsApp('failed')],
  ['users.messages.whatsapp.Read', whatsApp('read')],
  ['users.messages.contentcard.Send', card('sent')],
  ['users.messages.contentcard.Impression', card('total_impressions')],
  ['users.messages.contentcard.Click', card('total_clicks')],
  ['users.messages.contentcard.Dismiss', ofUsers(card('total_dismissals'))],
  ['users.messages.inappmessage.Impression', of(inApp, 'impressions')],
  ['users.messages.inappmessage.Click', of(inApp, 'clicks', 'first_button_clicks', 'second_button_clicks')],
  ['users.canvas.Entry', { from: 'canvas_users', statistics: ['entries'] }],
  ['users.canvas.Conversion', { from: 'canvas_users', statistics: conversions }],
  ['users.campaigns.Conversion', { from: 'campaign_conversions' }],
  ['users.behaviors.CustomEvent', { from: 'custom_events' }],
  ['users.behaviors.Purchase', { from: 'purchases' }],
]);
