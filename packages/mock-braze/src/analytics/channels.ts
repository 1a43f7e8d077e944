/**
 * What each event of Currents counts as in the message statistics of Braze.
 *
 * Source: Braze documentation, API: GET /campaigns/data_series (channels and names of the statistics), and the
 * report metrics glossary (what they mean), both 2026.
 */
import type { Emitted } from './emitted.ts';

const push = ['sent', 'direct_opens', 'total_opens', 'bounces', 'body_clicks'] as const;

/** The statistics of each channel, in the order of the document. */
export const statisticsOf = {
  email: [
    ...([
      'sent',
      'opens',
      'unique_opens',
      'machine_opens',
      'clicks',
      'unique_clicks',
      'unsubscribes',
    ] as const),
    ...(['bounces', 'delivered', 'reported_spam'] as const),
  ],
  ios_push: push,
  android_push: push,
  kindle_push: push,
  web_push: push,
  webhook: ['sent', 'errors'],
  sms: [
    ...([
      'sent',
      'sent_to_carrier',
      'delivered',
      'rejected',
      'delivery_failed',
      'clicks',
      'opt_out',
    ] as const),
    'help',
  ],
  whats_app: ['sent', 'delivered', 'failed', 'read'],
  content_cards: [
    ...(['sent', 'total_clicks', 'total_dismissals', 'total_impressions', 'unique_clicks'] as const),
    ...(['unique_dismissals', 'unique_impressions'] as const),
  ],
  trigger_in_app_message: [
    ...([
      'impressions',
      'clicks',
      'first_button_clicks',
      'second_button_clicks',
      'unique_recipients',
    ] as const),
  ],
} as const satisfies Record<string, readonly string[]>;

export type Channel = keyof typeof statisticsOf;

/** A statistic that counts a recipient once in so many days, and for a message as often as it is sent. */
interface Unique {
  readonly statistic: string;
  /** Default: 1, the day of the event. */
  readonly days?: number;
}

export interface MessageEvent {
  readonly channel: Channel;
  /** Statistics that the event adds one to. */
  readonly counts: readonly string[];
  readonly unique: Unique | undefined;
  /** Whether its user received the message. */
  readonly received: boolean;
}

type Meaning = readonly [
  counts: string | ((properties: Emitted['properties']) => readonly string[]),
  unique?: Unique,
];

/** Opens and clicks of one recipient within seven days count once. */
const inSevenDays = (statistic: string): Unique => ({ statistic, days: 7 });

const meanings: Readonly<Record<string, Readonly<Record<string, Meaning>>>> = {
  email: {
    Send: ['sent'],
    Delivery: ['delivered'],
    Open: [opens, inSevenDays('unique_opens')],
    Click: ['clicks', inSevenDays('unique_clicks')],
    Bounce: ['bounces'],
    MarkAsSpam: ['reported_spam'],
    Unsubscribe: ['unsubscribes'],
  },
  pushnotification: { Send: ['sent'], Open: [pushOpens], Bounce: ['bounces'] },
  webhook: { Send: ['sent'], Failure: ['errors'] },
  sms: {
    Send: ['sent'],
    CarrierSend: ['sent_to_carrier'],
    Delivery: ['delivered'],
    Rejection: ['rejected'],
    DeliveryFailure: ['delivery_failed'],
    ShortLinkClick: ['clicks'],
    InboundReceive: [replies],
  },
  whatsapp: { Send: ['sent'], Delivery: ['delivered'], Failure: ['failed'], Read: ['read'] },
  contentcard: {
    Send: ['sent'],
    Impression: ['total_impressions', { statistic: 'unique_impressions' }],
    Click: ['total_clicks', { statistic: 'unique_clicks' }],
    Dismiss: ['total_dismissals', { statistic: 'unique_dismissals' }],
  },
  inappmessage: {
    Impression: ['impressions', { statistic: 'unique_recipients' }],
    Click: [inAppClicks],
  },
};

/** Channels by the part of the event type that names them; push by its platform. */
const channels: ReadonlyMap<string, Channel> = new Map([
  ['email', 'email'],
  ['webhook', 'webhook'],
  ['sms', 'sms'],
  ['whatsapp', 'whats_app'],
  ['contentcard', 'content_cards'],
  ['inappmessage', 'trigger_in_app_message'],
]);

const pushChannels: ReadonlyMap<string, Channel> = new Map([
  ['ios', 'ios_push'],
  ['kindle', 'kindle_push'],
  ['web', 'web_push'],
]);

interface Known {
  readonly kind: string;
  readonly meaning: Meaning;
  readonly received: boolean;
}

/** The kind of message and the meaning of each event type. */
const known: ReadonlyMap<string, Known> = new Map(
  Object.entries(meanings).flatMap(([kind, actions]) =>
    Object.entries(actions).map(([action, meaning]) => {
      const received = action === (kind === 'inappmessage' ? 'Impression' : 'Send');
      return [`users.messages.${kind}.${action}`, { kind, meaning, received }];
    }),
  ),
);

/** What an event counts as; undefined for an event that no statistic of messages counts. */
export function messageEventOf({ eventType, properties }: Emitted): MessageEvent | undefined {
  const found = known.get(eventType);
  if (!found) return undefined;
  const { kind, received } = found;
  const [counts, unique] = found.meaning;
  return {
    channel: channels.get(kind) ?? pushChannels.get(textOf(properties.platform)) ?? 'android_push',
    counts: typeof counts === 'string' ? [counts] : counts(properties),
    unique,
    received,
  };
}

function opens({ machine_open }: Emitted['properties']): string[] {
  return machine_open === true || machine_open === 'true' ? ['opens', 'machine_opens'] : ['opens'];
}

/** Currents have no influenced opens, so direct opens are all of them. A click on a button is no body click. */
function pushOpens({ button_string, button_action_type }: Emitted['properties']): string[] {
  const all = ['direct_opens', 'total_opens'];
  return button_string == null && button_action_type == null ? [...all, 'body_clicks'] : all;
}

function inAppClicks({ button_id }: Emitted['properties']): string[] {
  const button = textOf(button_id);
  return [button === '0' ? 'first_button_clicks' : button === '1' ? 'second_button_clicks' : 'clicks'];
}

function replies({ action, message_body }: Emitted['properties']): string[] {
  if (action === 'unsubscribed') return ['opt_out'];
  return textOf(message_body).trim().toUpperCase() === 'HELP' ? ['help'] : [];
}

/** Emitted values are not validated, and an object may have no text. */
function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
