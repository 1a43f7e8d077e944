import type { CatalogueEntry } from '../types.ts';
import {
  campaign,
  campaignVariation,
  canvas,
  canvasVariation,
  conversion,
  property,
  sendId,
} from './property-sets.ts';

const kind = 'message_engagement';

export const campaignsAndCanvases = [
  {
    eventType: 'users.campaigns.Conversion',
    name: 'Campaign Conversion Event',
    section: 'Conversion events',
    kind,
    properties: [...campaign, ...conversion, property('message_variation_id', 'string'), sendId],
  },
  {
    eventType: 'users.canvas.Conversion',
    name: 'Canvas Conversion Event',
    section: 'Conversion events',
    kind,
    properties: [
      ...canvas,
      ...conversion,
      property('canvas_variation_id', 'string'),
      property('canvas_step_id', 'string'),
    ],
  },
  {
    eventType: 'users.canvas.Entry',
    name: 'Canvas Entry',
    section: 'Canvas entry events',
    kind,
    properties: [...canvasVariation, property('in_control_group', 'boolean')],
  },
  {
    eventType: 'users.campaigns.EnrollInControl',
    name: 'Campaign Control Group Enrollment',
    section: 'Campaign enrollment events',
    kind,
    properties: [...campaignVariation, sendId],
  },
] as const satisfies readonly CatalogueEntry[];
