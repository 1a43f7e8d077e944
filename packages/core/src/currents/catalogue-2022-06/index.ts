import type { CatalogueEntry, CatalogueVersion } from '../types.ts';
import { campaignsAndCanvases } from './campaigns-and-canvases.ts';
import { contentCards } from './content-cards.ts';
import { customerBehavior } from './customer-behavior.ts';
import { email } from './email.ts';
import { inAppMessages } from './in-app-messages.ts';
import { newsFeed } from './news-feed.ts';
import { pushNotifications } from './push-notifications.ts';
import { sms } from './sms.ts';
import { subscriptions } from './subscriptions.ts';
import { webhooks } from './webhooks.ts';

/** The 41 entries with their literal names and types, in the order of Braze's page; every event's type is inferred from them. */
export const entries2022_06 = [
  ...customerBehavior,
  ...pushNotifications,
  ...email,
  ...sms,
  ...subscriptions,
  ...inAppMessages,
  ...webhooks,
  ...contentCards,
  ...newsFeed,
  ...campaignsAndCanvases,
] as const satisfies readonly CatalogueEntry[];

/**
 * Braze's list of events for Mixpanel as it stood in June 2022: 41 event types, each with exactly the properties that
 * reach Mixpanel. Source: Braze documentation, "Mixpanel for Currents". It never changes; a newer list is a new catalogue version.
 */
export const catalogue2022_06: CatalogueVersion = {
  id: '2022-06',
  entries: entries2022_06,
  byType: new Map(entries2022_06.map(entry => [entry.eventType, entry])),
};
