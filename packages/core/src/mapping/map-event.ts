import type { CatalogueEntry } from '../currents/types.ts';
import { insertIdOf } from '../mixpanel/identity.ts';
import { importLimits } from '../mixpanel/limits.ts';
import { compiledEntry, openingOf } from './compiled-entry.ts';
import { currentsIdOf, dead, distinctIdOf, shown } from './envelope.ts';
import { timeOf } from './event-time.ts';
import { exclusionOf } from './exclusions.ts';
import { isJsonObject, type JsonObject } from './json-object.ts';
import { finished } from './mapped-event.ts';
import { catalogueVersionOf } from './mapping-options.ts';
import { NoteTaker } from './notes.ts';
import { type EventHead, PropertyWriter } from './property-writer.ts';
import type { MappingOptions, MappingProfile, MappingResult } from './types.ts';
import { unknownEventName } from './unknown-event-name.ts';

/**
 * Mapping of one Currents event to one Mixpanel event, or the reason why it can't be mapped.
 *
 * - Total: accepts any JSON value, never throws, never returns a partial event and does not change its input.
 * - Deterministic: the same event and options give the same text at any time, and the same `id` the same
 *   `$insert_id`.
 * - Valid: a mapped event passes every check of Mixpanel's import, once its time is no longer in the future.
 *
 * The first rule that applies decides:
 * 1. not an object                                 → dead `not_an_object`
 * 2. `event_type` is not a non-empty string        → dead `invalid_event_type`
 * 3. the selection lacks it, known or not          → skipped `not_selected`
 * 4. an exclusion applies                          → skipped `excluded`
 * 5. Braze has no Mixpanel event for the type      → skipped `no_mixpanel_event`, unless selected by name
 * 6. the catalogue version lacks it                → dead `unknown_event_type`, to be replayed after an
 *    upgrade, unless `sendUnknown`
 * 7. `user.external_user_id` absent, null or blank → skipped `no_external_user_id`, unless
 *    `sendUnattributed`; unusable → dead `refused_distinct_id`
 * 8. `id` unusable                                 → dead `invalid_id`
 * 9. `time` unusable                               → dead `invalid_time`; more than a day ahead → dead
 *    `time_ahead`
 * 10. a custom event without a name                → dead `missing_event_name`
 * 11. the properties: `too_deep`, `too_many_properties`, `too_large`
 *
 * U+FFFD replaces lone surrogates in everything that is sent; `$insert_id` derives from the original ID.
 *
 * @param now milliseconds since 1970, only for `time_ahead`
 * @see https://www.braze.com/docs/partners/data_and_infrastructure_agility/analytics/mixpanel_for_currents/
 * @example
 * ```ts
 * import { catalogue2022_06 } from '@braze-mixpanel/core/currents';
 * import { mapEvent } from '@braze-mixpanel/core/mapping';
 *
 * const event = { event_type: 'users.messages.email.Open', id: 'e-1', time: 1_700_000_000, properties: {} };
 * const result = mapEvent({ ...event, user: {} }, { catalogueVersion: catalogue2022_06 }, Date.now());
 * console.log(result.outcome === 'skipped' && result.reason); // no_external_user_id
 * ```
 */
export function mapEvent(
  event: unknown,
  options: MappingOptions | MappingProfile,
  now: number,
): MappingResult {
  if (!isJsonObject(event))
    return dead('not_an_object', `an event must be a JSON object, got ${shown(event)}`);

  const eventType = event.event_type;
  if (typeof eventType !== 'string' || eventType === '') {
    return dead('invalid_event_type', `event_type must be a non-empty string, got ${shown(eventType)}`);
  }
  if (options.selection && !options.selection.has(eventType)) {
    return { outcome: 'skipped', reason: 'not_selected' };
  }
  const wire = isJsonObject(event.properties) ? event.properties : {};
  const exclusion = options.exclusions && exclusionOf(options.exclusions, eventType, wire);
  if (exclusion) return { outcome: 'skipped', reason: 'excluded', rule: exclusion.text };

  const catalogueVersion = catalogueVersionOf(options);
  const entry = catalogueVersion.byType.get(eventType);
  if (entry?.noMixpanelEvent && !options.selection && !options.alsoSend?.has(eventType)) {
    return { outcome: 'skipped', reason: 'no_mixpanel_event' };
  }
  let name =
    options.names?.get(eventType) ??
    entry?.name ??
    (options.sendUnknown ? unknownEventName(eventType, catalogueVersion, options.names) : undefined);
  if (name === undefined) {
    const detail = `the catalogue ${catalogueVersion.id} has no event type ${shown(eventType)}; replay this event once it has`;
    return dead('unknown_event_type', detail);
  }

  const notes = new NoteTaker();
  const distinctId = distinctIdOf(event.user, notes, options.sendUnattributed === true);
  if (typeof distinctId !== 'string') return distinctId;
  const currentsId = currentsIdOf(event.id, notes);
  if (typeof currentsId !== 'string') return currentsId;
  const time = timeOf(event.time, now, notes);
  if (typeof time !== 'number') return time;

  if (entry?.naming) {
    const ownName = wire[entry.naming.wire];
    if (typeof ownName !== 'string' || ownName === '') {
      const detail = `properties.${entry.naming.wire} must be a non-empty string, got ${shown(ownName)}`;
      return dead('missing_event_name', detail);
    }
    name = entry.naming.prefix + ownName;
  }
  if (name.length > importLimits.stringLength) notes.taken.longStrings.push('event');

  const insertId = insertIdOf(currentsId);
  if (insertId !== currentsId) notes.taken.idDigested = true;
  if (distinctId.length > importLimits.stringLength) notes.taken.longStrings.push('distinct_id');

  const hasUserId = options.sendUserId === true && distinctId !== '';
  const head = { name, time, distinctId, insertId, hasUserId };
  const sendUnlisted = options.sendUnlisted === true;
  const writer = written(head, entry, event, wire, sendUnlisted, sendUnlisted, notes);
  if (writer.refusal) return writer.refusal;
  const asObject = () =>
    writer.properties ?? written(head, entry, event, wire, sendUnlisted, true, new NoteTaker()).properties;
  return finished(head, writer, asObject, notes);
}

/** The event's properties, written. */
function written(
  head: EventHead,
  entry: CatalogueEntry | undefined,
  event: JsonObject,
  wire: JsonObject,
  sendUnlisted: boolean,
  isRecorded: boolean,
  notes: NoteTaker,
): PropertyWriter {
  const compiled = entry && compiledEntry(entry);
  const opening = compiled && head.name === entry.name ? compiled.opening : openingOf(head.name);
  const writer = new PropertyWriter(head, opening, isRecorded, notes);
  if (compiled) {
    const found = writer.writeListed(compiled.listed, wire);
    if (compiled.ofUser && isJsonObject(event.user)) writer.writeListed(compiled.ofUser, event.user);
    writer.writeFree(entry, wire);
    // Most events have nothing else.
    if (Object.keys(wire).length > found) writer.writeUnlisted(compiled, wire, sendUnlisted);
  } else {
    notes.taken.unknownType = true;
    writer.writeAll(wire);
  }
  if (!isJsonObject(event.properties)) writer.writeDriftedProperties(event.properties);
  return writer;
}
