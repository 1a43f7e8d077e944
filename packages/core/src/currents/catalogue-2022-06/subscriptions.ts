import type { CatalogueEntry } from '../types.ts';
import { emailAddress, message, property, subscriptionGroupId } from './property-sets.ts';

const kind = 'message_engagement';

export const subscriptions = [
  {
    eventType: 'users.behaviors.subscriptiongroup.StateChange',
    name: 'Subscription Group State Change',
    section: 'Subscription events',
    kind,
    properties: [...message, emailAddress, subscriptionGroupId, property('subscription_status', 'string')],
  },
] as const satisfies readonly CatalogueEntry[];
