import type { CatalogueVersion, CurrentsEvent } from '@braze-mixpanel/core/currents';
import avro, { type Type } from 'avsc';
import { recordOfEvent } from './record-of-event.ts';
import { storageSchema } from './storage-schema.ts';
import { type StoredType, storedTypes } from './stored-types.ts';

const schemas = new WeakMap<StoredType, Type>();

function schemaOf(type: StoredType): Type {
  let schema = schemas.get(type);
  if (schema === undefined) {
    schema = avro.Type.forSchema(storageSchema(type));
    schemas.set(type, schema);
  }
  return schema;
}

/**
 * Why the storage export of a catalogue version cannot have an event, which may be any JSON value: its type is
 * not in the version, it has no ID or time, or a value does not have the type of its field. `undefined` if it
 * can.
 *
 * @example
 * ```ts
 * import { catalogue2026_07 } from '@braze-mixpanel/core/currents';
 * import { whyNotStored } from '@braze-mixpanel/currents-files';
 *
 * console.log(whyNotStored({ event_type: 'users.future.Event' }, catalogue2026_07)); // no such event type in files of 2026-07
 * ```
 */
export function whyNotStored(event: unknown, catalogueVersion: CatalogueVersion): string | undefined {
  const given = (event ?? {}) as Partial<CurrentsEvent>;
  const type = storedTypes(catalogueVersion).get(String(given.event_type));
  if (type === undefined) return `no such event type in files of ${catalogueVersion.id}`;
  if (typeof given.id !== 'string' || given.id === '') return 'no id, which files require';
  if (!Number.isSafeInteger(given.time)) return 'no whole number as time, which files require';
  let wrong: string | undefined;
  schemaOf(type).isValid(recordOfEvent(type, given as CurrentsEvent), {
    errorHook: path => {
      wrong ??= path[0];
    },
  });
  return wrong && `${wrong} does not have the type that files require`;
}
