import type { CatalogueEntry } from '../types.ts';
import { appAndDevice, property } from './property-sets.ts';

const kind = 'message_engagement';
const section = 'News Feed events';
const card = [property('card_id', 'string'), ...appAndDevice] as const;

export const newsFeed = [
  {
    eventType: 'users.messages.newsfeedcard.Impression',
    name: 'News Feed Card Impression',
    section,
    kind,
    properties: card,
  },
  {
    eventType: 'users.messages.newsfeedcard.Click',
    name: 'News Feed Card Click',
    section,
    kind,
    properties: card,
  },
  {
    eventType: 'users.behaviors.app.NewsFeedImpression',
    name: 'News Feed Impression',
    section,
    kind,
    properties: appAndDevice,
  },
] as const satisfies readonly CatalogueEntry[];
