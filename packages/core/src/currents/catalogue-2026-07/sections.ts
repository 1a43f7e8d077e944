import { catalogue2022_06 } from '../catalogue-2022-06/index.ts';
import type { CatalogueEntry } from '../types.ts';

type Section = Pick<CatalogueEntry, 'section' | 'kind'>;

const channels: ReadonlyMap<string, string> = new Map([
  ['users.behaviors.liveactivity', 'Live Activity events'],
  ['users.behaviors.pushnotification', 'Push notification events'],
  ['users.behaviors.subscription', 'Subscription events'],
  ['users.canvas', 'Canvas events'],
  ['users.messages.banner', 'Banner events'],
  ['users.messages.contentcard', 'Content Card events'],
  ['users.messages.email', 'Email events'],
  ['users.messages.featureflag', 'Feature flag events'],
  ['users.messages.inappmessage', 'In-App Message Events'],
  ['users.messages.line', 'LINE events'],
  ['users.messages.liveactivity', 'Live Activity events'],
  ['users.messages.pushnotification', 'Push notification events'],
  ['users.messages.rcs', 'RCS events'],
  ['users.messages.sms', 'SMS events'],
  ['users.messages.webhook', 'Webhook events'],
  ['users.messages.whatsapp', 'WhatsApp events'],
  ['agentconsole', 'Agent Console events'],
]);

/** Section and kind of an event type: those of 2022-06, or those of its channel. */
export function sectionOf(eventType: string): Section {
  const known = catalogue2022_06.byType.get(eventType);
  if (known) return { section: known.section, kind: known.kind };
  for (const [prefix, section] of channels)
    if (eventType.startsWith(`${prefix}.`)) return { section, kind: 'message_engagement' };
  return { section: 'User events', kind: 'customer_behavior' };
}
