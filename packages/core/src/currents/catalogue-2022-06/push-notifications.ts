import type { CatalogueEntry } from '../types.ts';
import { appAndDevice, appId, dispatchId, message, platform } from './property-sets.ts';

const kind = 'message_engagement';
const section = 'Push notification events';
const sent = [...message, appId, platform, dispatchId] as const;

export const pushNotifications = [
  {
    eventType: 'users.messages.pushnotification.Send',
    name: 'Push Notification Send',
    section,
    kind,
    properties: sent,
  },
  {
    eventType: 'users.messages.pushnotification.Open',
    name: 'Push Notification Open',
    section,
    kind,
    properties: [...message, ...appAndDevice, dispatchId],
  },
  {
    eventType: 'users.messages.pushnotification.IosForeground',
    name: 'Push Notification iOS Foreground Open',
    section,
    kind,
    properties: sent,
  },
  {
    eventType: 'users.messages.pushnotification.Bounce',
    name: 'Push Notification Bounce',
    section,
    kind,
    properties: sent,
  },
] as const satisfies readonly CatalogueEntry[];
