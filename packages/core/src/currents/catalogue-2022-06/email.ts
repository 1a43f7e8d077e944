import type { CatalogueEntry } from '../types.ts';
import { dispatchId, emailAddress, message, property, userAgent } from './property-sets.ts';

const kind = 'message_engagement';
const section = 'Email events';
const sent = [...message, dispatchId, emailAddress] as const;

export const email = [
  {
    eventType: 'users.messages.email.Send',
    name: 'Email Send',
    section,
    kind,
    properties: sent,
  },
  {
    eventType: 'users.messages.email.Delivery',
    name: 'Email Delivery',
    section,
    kind,
    properties: sent,
  },
  {
    eventType: 'users.messages.email.Open',
    name: 'Email Open',
    section,
    kind,
    properties: [...sent, userAgent, property('machine_open', 'string')],
  },
  {
    eventType: 'users.messages.email.Click',
    name: 'Email Click',
    section,
    kind,
    properties: [
      ...sent,
      property('url', 'string'),
      userAgent,
      property('link_id', 'string'),
      property('link_alias', 'string'),
    ],
  },
  {
    eventType: 'users.messages.email.Bounce',
    name: 'Email Bounce',
    section,
    kind,
    properties: sent,
  },
  {
    eventType: 'users.messages.email.SoftBounce',
    name: 'Email Soft Bounce',
    section,
    kind,
    properties: sent,
  },
  {
    eventType: 'users.messages.email.MarkAsSpam',
    name: 'Email Mark As Spam',
    section,
    kind,
    properties: [...sent, userAgent],
  },
  {
    eventType: 'users.messages.email.Unsubscribe',
    name: 'Email Unsubscribe',
    section,
    kind,
    properties: sent,
  },
] as const satisfies readonly CatalogueEntry[];
