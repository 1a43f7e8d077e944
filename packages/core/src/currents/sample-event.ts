import { type Random, sampleFreeProperties, sampleValue } from './sample-values.ts';
import { seededUuid } from './seeded-random.ts';
import type { CatalogueEntry, CurrentsEvent, CurrentsUser } from './types.ts';

/** Options of {@link sampleEvent}. */
export interface SampleOptions {
  /** Source of numbers in [0, 1), such as {@link seededRandom}. The same sequence gives the same event. */
  readonly random: Random;
  /** Seconds since 1970. */
  readonly time: number;
  /** External ID of the user; `null` by default. */
  readonly externalUserId?: string | null;
  /** ID of the event; random by default. */
  readonly id?: string;
  /** Braze's ID of the user; random by default. */
  readonly userId?: string;
  /** ID of the user's device; random by default. */
  readonly deviceId?: string;
  /** Time zone of the user; `Europe/Berlin` by default. */
  readonly timezone?: string;
  /** Name of a custom event; random by default. */
  readonly eventName?: string;
  /**
   * What the message is of. An event whose type has fields of both gets those of this one only, as Braze sends it;
   * by default the fields of both, so that each field is covered.
   */
  readonly origin?: 'campaign' | 'canvas';
  /** Whether the event also has the properties that Mixpanel does not get; false by default. */
  readonly unlisted?: boolean;
}

/**
 * Sample event of a catalogue entry, as the Custom HTTP connector sends it. It has every listed property,
 * with a plausible value of the listed type, and the fields of `user` that the connector carries; custom
 * events and purchases have free properties, nested ones among them. Deterministic.
 *
 * @see
 * https://www.braze.com/docs/user_guide/data/distribution/braze_currents/setting_up_currents/custom_http_connector/
 * @example
 * ```ts
 * import { catalogue2022_06, sampleEvent, seededRandom } from '@braze-mixpanel/core/currents';
 *
 * const entry = catalogue2022_06.byType.get('users.messages.email.Open');
 * if (entry) console.log(sampleEvent(entry, { random: seededRandom(1), time: 1_700_000_000 }).time); // 1700000000
 * ```
 */
export function sampleEvent(entry: CatalogueEntry, options: SampleOptions): CurrentsEvent {
  const { random } = options;
  const properties: Record<string, unknown> = {};
  for (const property of entry.properties)
    if (property.source !== 'user') properties[property.wire] = sampleValue(property, random);
  if (options.unlisted)
    for (const property of entry.unlisted ?? []) properties[property.wire] = sampleValue(property, random);
  if (entry.naming) properties[entry.naming.wire] = options.eventName ?? sampleEventName(random);
  if (entry.free) properties[entry.free.wire] = sampleFreeProperties(random);
  if (options.origin) keepOrigin(properties, options.origin);
  const id = options.id ?? seededUuid(random);
  const user: Required<CurrentsUser> = {
    user_id: options.userId ?? seededUuid(random),
    external_user_id: options.externalUserId ?? null,
    device_id: options.deviceId ?? seededUuid(random),
    timezone: options.timezone ?? 'Europe/Berlin',
  };
  return {
    event_type: entry.eventType,
    id,
    time: options.time,
    user: entry.user ? Object.fromEntries(entry.user.map(field => [field, user[field]])) : user,
    properties,
  };
}

/** Removes the fields of the other origin, after all were drawn: the rest is the same for each origin. */
function keepOrigin(properties: Record<string, unknown>, origin: 'campaign' | 'canvas'): void {
  if (!('campaign_id' in properties && 'canvas_id' in properties)) return;
  const other = origin === 'campaign' ? 'canvas_' : 'campaign_';
  for (const name of Object.keys(properties)) if (name.startsWith(other)) delete properties[name];
}

const eventNames = ['Added to Cart', 'Started Trial', 'Finished Level', 'Shared Playlist'];

function sampleEventName(random: Random): string {
  return eventNames[Math.floor(random() * eventNames.length)]!;
}
