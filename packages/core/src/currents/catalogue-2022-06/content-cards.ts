import type { CatalogueEntry } from '../types.ts';
import { appId, device, message, property } from './property-sets.ts';

const kind = 'message_engagement';
const section = 'Content Card events';
/** Spelled `content_card_id` on the wire; news-feed cards carry `card_id` on both sides. */
const cardId = property('content_card_id', 'string', 'card_id');
const shown = [cardId, appId, ...message, ...device] as const;

export const contentCards = [
  {
    eventType: 'users.messages.contentcard.Send',
    name: 'Content Card Send',
    section,
    kind,
    properties: [cardId, ...message],
  },
  {
    eventType: 'users.messages.contentcard.Impression',
    name: 'Content Card Impression',
    section,
    kind,
    properties: shown,
  },
  {
    eventType: 'users.messages.contentcard.Click',
    name: 'Content Card Click',
    section,
    kind,
    properties: shown,
  },
  {
    eventType: 'users.messages.contentcard.Dismiss',
    name: 'Content Card Dismiss',
    section,
    kind,
    properties: shown,
  },
] as const satisfies readonly CatalogueEntry[];
