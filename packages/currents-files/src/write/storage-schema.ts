import type { GlossaryType } from '@braze-mixpanel/core/currents';
import type { Schema, schema } from 'avsc';
import type { StoredType } from './stored-types.ts';

const types: Readonly<Record<GlossaryType, schema.DefinedType>> = {
  string: 'string',
  int: 'int',
  long: 'long',
  float: 'float',
  boolean: 'boolean',
  'array of string': { type: 'array', items: 'string' },
};

/**
 * Avro schema of an event type in a storage export: a flat record without `event_type`, whose optional fields
 * are unions with null.
 */
export function storageSchema({ eventType, storage }: StoredType): Schema {
  const at = eventType.lastIndexOf('.');
  return {
    type: 'record',
    name: eventType.slice(at + 1),
    namespace: `dataexport.S3.inner.${eventType.slice(0, at)}`,
    fields: storage.map(({ name, type, optional }) =>
      optional ? { name, type: ['null', types[type]], default: null } : { name, type: types[type] },
    ),
  };
}
