import type { CatalogueEntry } from '../types.ts';
import { appAndDevice, message, property } from './property-sets.ts';

const kind = 'message_engagement';
const section = 'In-App Message Events';
const shown = [...message, ...appAndDevice] as const;

export const inAppMessages = [
  {
    eventType: 'users.messages.inappmessage.Impression',
    name: 'In-App Message Impression',
    section,
    kind,
    properties: shown,
  },
  {
    eventType: 'users.messages.inappmessage.Click',
    name: 'In-App Message Click',
    section,
    kind,
    properties: [property('button_id', 'string'), ...shown],
  },
] as const satisfies readonly CatalogueEntry[];
