import { Buffer } from 'node:buffer';
import {
  type CurrentsEvent,
  catalogue2022_06,
  catalogue2026_07,
  glossary2026_07,
} from '@braze-mixpanel/core/currents';
import type { Type, types } from 'avsc';
import { shortFloat } from './short-float.ts';

/** Converts a decoded record to the event that the Custom HTTP connector would have sent. */
export type ToEvent = (record: Readonly<Record<string, unknown>>) => CurrentsEvent;

const userFields: ReadonlySet<string> = new Set(['user_id', 'external_user_id', 'device_id', 'timezone']);
const glossary = new Map(glossary2026_07.map(entry => [entry.eventType, entry]));

/**
 * The conversion for records of a schema and event type, computed once. Null fields are left out. A field
 * that only files have is left out too, if the glossary knows it: the Custom HTTP connector does not send it,
 * and an event must be the same from both. A field that the glossary lacks is new, and kept.
 */
export function toEvent(eventType: string, recordType: types.RecordType): ToEvent {
  const free = catalogue2026_07.byType.get(eventType)?.free?.wire;
  const ofProperties = new Map<string, Convert>();
  const ofUser: string[] = [];
  for (const { name, type } of recordType.fields) {
    if (name === 'id' || name === 'time' || name === 'event_type') continue;
    if (userFields.has(name)) ofUser.push(name);
    else if (name === 'properties' && free !== undefined) continue;
    else if (!isInFilesOnly(eventType, name)) ofProperties.set(name, converterOf(type));
  }
  return record => {
    const user: Record<string, unknown> = {};
    for (const name of ofUser) {
      const value = record[name];
      if (value !== null && value !== undefined) user[name] = value;
    }
    const properties: Record<string, unknown> = {};
    for (const [name, convert] of ofProperties) {
      const value = record[name];
      if (value !== null && value !== undefined) properties[name] = convert(value);
    }
    const freeText = free === undefined ? undefined : record.properties;
    if (free !== undefined && freeText !== undefined && freeText !== null && freeText !== '')
      properties[free] = parsed(freeText);
    return {
      event_type: eventType,
      id: record.id as string,
      time: record.time as number,
      user,
      properties,
    };
  };
}

/** Whether files have a field that the Custom HTTP connector has not, by the glossary. */
function isInFilesOnly(eventType: string, field: string): boolean {
  const entry = glossary.get(eventType);
  if (entry?.customHttp === undefined) return false;
  if (entry.customHttp.properties.some(({ name }) => name === field)) return false;
  if (catalogue2022_06.byType.get(eventType)?.properties.some(({ wire }) => wire === field)) return false;
  return entry.storage.some(({ name }) => name === field);
}

type Convert = (value: unknown) => unknown;

/** Converter of a field: 32-bit floats lose their excess digits, bytes become Base64, unions lose their name. */
function converterOf(type: Type): Convert {
  const branches = type.typeName === 'union:unwrapped' ? (type as types.UnwrappedUnionType).types : [type];
  return branches.some(({ typeName }) => typeName === 'float') ? asFloat : plain;
}

const asFloat: Convert = value => (typeof value === 'number' ? shortFloat(value) : plain(value));

function plain(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (!isBranch(value)) return value;
  const inner = value.unwrap();
  return 'float' in value ? asFloat(inner) : plain(inner);
}

/** Whether the value is of a union whose branches JavaScript cannot tell apart, such as `int` and `float`. */
const isBranch = (value: unknown): value is { unwrap(): unknown } =>
  typeof value === 'object' && value !== null && 'unwrap' in value && typeof value.unwrap === 'function';

function parsed(text: unknown): unknown {
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
