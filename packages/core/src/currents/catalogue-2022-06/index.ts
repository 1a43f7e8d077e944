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

/**
 * The 41 entries with their literal names and types, in the order of Braze's page. The types of the events
 * are inferred from them.
 */
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
 * Catalogue version of June 2022: Braze's list of events for Mixpanel, with 41 event types and exactly the
 * properties that reach Mixpanel. It never changes; a newer list is a new catalogue version.
 *
 * @see https://www.braze.com/docs/partners/data_and_infrastructure_agility/analytics/mixpanel_for_currents/
 */
export const catalogue2022_06: CatalogueVersion = {
  id: '2022-06',
  entries: entries2022_06,
  byType: new Map(entries2022_06.map(entry => [entry.eventType, entry])),
};
