import type { CatalogueEntry } from '../types.ts';
import { appAndDevice, appId, property, sessionId } from './property-sets.ts';

const kind = 'customer_behavior';

export const customerBehavior = [
  {
    eventType: 'users.behaviors.CustomEvent',
    name: '<Custom Event Name>',
    section: 'Custom events',
    kind,
    properties: appAndDevice,
    naming: { wire: 'name', prefix: '[Braze Custom Event] ' },
    free: { wire: 'custom_properties', prefix: '[Custom event property] ' },
  },
  {
    eventType: 'users.behaviors.Purchase',
    name: 'Purchase',
    section: 'Purchase events',
    kind,
    properties: [
      property('product_id', 'string', 'productId'),
      property('price', 'float'),
      property('currency', 'string'),
      ...appAndDevice,
    ],
    free: { wire: 'purchase_properties', prefix: '[Purchase property] ' },
  },
  {
    eventType: 'users.behaviors.app.FirstSession',
    name: 'First Session',
    section: 'Session events',
    kind,
    properties: [sessionId, ...appAndDevice],
  },
  {
    eventType: 'users.behaviors.app.SessionStart',
    name: 'Session Start',
    section: 'Session events',
    kind,
    properties: [sessionId, ...appAndDevice],
  },
  {
    eventType: 'users.behaviors.app.SessionEnd',
    name: 'Session End',
    section: 'Session events',
    kind,
    properties: [sessionId, property('duration', 'float'), ...appAndDevice],
  },
  {
    eventType: 'users.behaviors.Location',
    name: 'Location',
    section: 'Location events',
    kind,
    properties: [
      property('longitude', 'float'),
      property('latitude', 'float'),
      property('altitude', 'float'),
      property('ll_accuracy', 'float'),
      property('alt_accuracy', 'float'),
      ...appAndDevice,
    ],
  },
  {
    eventType: 'users.behaviors.InstallAttribution',
    name: 'Install Attribution',
    section: 'Install attribution events',
    kind,
    properties: [property('source', 'string')],
  },
  {
    eventType: 'users.behaviors.Uninstall',
    name: 'Uninstall',
    section: 'Uninstall events',
    kind,
    properties: [appId],
  },
] as const satisfies readonly CatalogueEntry[];
