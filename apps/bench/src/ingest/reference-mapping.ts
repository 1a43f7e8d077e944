import type { CatalogueVersion, CurrentsEvent } from '@braze-mixpanel/core/currents';

/** Mapping of one sample event to the JSON text for Mixpanel. */
export type Mapping = (event: CurrentsEvent) => string;

/**
 * Reference mapping of the floor: copies the listed and free properties under their names in Mixpanel, and
 * stringifies. It has no rules, limits or notes. Written once and never tuned, so that a change of the mapper
 * does not change the measure that the mapper is compared with.
 *
 * @throws of a mapping: for an event type that the catalogue version lacks
 */
export function referenceMapping({ id: catalogueId, byType }: CatalogueVersion): Mapping {
  return ({ event_type, id, time, user, properties: wire }) => {
    const entry = byType.get(event_type);
    if (entry === undefined) throw new Error(`the catalogue ${catalogueId} has no event type ${event_type}`);
    const properties: Record<string, unknown> = {
      time,
      distinct_id: user.external_user_id,
      $insert_id: id,
      $partner_id: 'braze',
    };
    for (const { wire: name, mixpanel, source } of entry.properties)
      properties[mixpanel] = source === 'user' ? user[name as keyof typeof user] : wire[name];
    if (entry.free)
      for (const [key, value] of Object.entries(wire[entry.free.wire] as object))
        properties[entry.free.prefix + key] = value;
    const event = entry.naming ? `${entry.naming.prefix}${wire[entry.naming.wire]}` : entry.name;
    return JSON.stringify({ event, properties });
  };
}
