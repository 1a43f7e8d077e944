import { type Random, sampleFreeProperties, sampleValue, uuid } from './sample-values.ts';
import type { CatalogueEntry, CurrentsEvent } from './types.ts';

export interface SampleOptions {
  /** Numbers from 0 up to but not 1; the same sequence gives the same event. */
  readonly random: Random;
  /** UNIX seconds. */
  readonly time: number;
  /** `null` or absent: a user without an external id. */
  readonly externalUserId?: string | null;
  /** By default drawn, like everything below. */
  readonly id?: string;
  readonly userId?: string;
  readonly deviceId?: string;
  readonly timezone?: string;
  /** Name of a custom event. */
  readonly eventName?: string;
}

/**
 * An event of this type as the Custom HTTP connector would send it: every listed property is there, with a believable
 * value of the listed type; custom events and purchases carry free properties, nested ones among them. Deterministic.
 */
export function sampleEvent(entry: CatalogueEntry, options: SampleOptions): CurrentsEvent {
  const { random } = options;
  const properties: Record<string, unknown> = {};
  for (const property of entry.properties) properties[property.wire] = sampleValue(property, random);
  if (entry.naming) properties[entry.naming.wire] = options.eventName ?? sampleEventName(random);
  if (entry.free) properties[entry.free.wire] = sampleFreeProperties(random);
  return {
    event_type: entry.eventType,
    id: options.id ?? uuid(random),
    time: options.time,
    user: {
      user_id: options.userId ?? uuid(random),
      external_user_id: options.externalUserId ?? null,
      device_id: options.deviceId ?? uuid(random),
      timezone: options.timezone ?? 'Europe/Berlin',
    },
    properties,
  };
}

const eventNames = ['Added to Cart', 'Started Trial', 'Finished Level', 'Shared Playlist'];

function sampleEventName(random: Random): string {
  return eventNames[Math.floor(random() * eventNames.length)]!;
}
