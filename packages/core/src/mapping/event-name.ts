import { isJsonObject } from './json-object.ts';
import { catalogueVersionOf } from './mapping-options.ts';
import type { MappingOptions, MappingProfile } from './types.ts';

/**
 * Name in Mixpanel that an event has or would have if it were sent: that of its type, or of the custom event.
 * The event type itself where the catalogue version lacks it, `(custom event without a name)` for one that cannot be
 * sent, and empty for a value without an event type.
 *
 * Total: accepts any JSON value, and never throws.
 *
 * @example
 * ```ts
 * import { catalogue2022_06 } from '@braze-mixpanel/core/currents';
 * import { eventNameOf } from '@braze-mixpanel/core/mapping';
 *
 * const options = { catalogueVersion: catalogue2022_06 };
 * console.log(eventNameOf({ event_type: 'users.messages.email.Open' }, options)); // Email Open
 * ```
 */
export function eventNameOf(event: unknown, options: MappingOptions | MappingProfile): string {
  if (!isJsonObject(event) || typeof event.event_type !== 'string') return '';
  const entry = catalogueVersionOf(options).byType.get(event.event_type);
  const own =
    entry?.naming && isJsonObject(event.properties) ? event.properties[entry.naming.wire] : undefined;
  const name =
    entry?.naming && typeof own === 'string' && own !== ''
      ? entry.naming.prefix + own
      : (options.names?.get(event.event_type) ??
        (entry?.naming ? withoutName : entry?.name) ??
        event.event_type);
  return name.toWellFormed();
}

/** No name of an event in Mixpanel. */
const withoutName = '(custom event without a name)';
