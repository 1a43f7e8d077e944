import type { CatalogueEntry } from '../types.ts';
import { message } from './property-sets.ts';

const kind = 'message_engagement';

export const webhooks = [
  {
    eventType: 'users.messages.webhook.Send',
    name: 'Webhook Send',
    section: 'Webhook events',
    kind,
    properties: message,
  },
] as const satisfies readonly CatalogueEntry[];
