/**
 * Sample events in the JSON files of a folder and of all folders in it, in two forms:
 *
 * - as the Custom HTTP connector sends them: an event, a list of events, `{"events": […]}`, or one event per line;
 * - a record of the storage export in Avro's JSON encoding, in a file named after its event type, such as
 *   `users.canvas.Entry.json`; an optional value stands under its type: `{"string": "…"}`.
 *
 * @see https://github.com/Appboy/currents-examples `sample-data`, Braze's own samples (Currents version 10, read
 *   2026-11-27)
 */
import { basename } from 'node:path';
import { inspect } from 'node:util';
import { isObject } from './is-object.mjs';
import { textsOf } from './texts-of.mjs';

/** Blocks in the form of `readGlossary`, one per event. */
export async function readSamples(folder) {
  const texts = await textsOf(folder, /\.(json|jsonl|ndjson)$/, { recursive: true });
  return texts.flatMap(({ file, text }) => {
    const named = /^(\w+(?:\.\w+)+)\.json$/.exec(basename(file))?.[1];
    return eventsOf(text).map(event => ({
      file,
      ...(named !== undefined && isRecord(event) ? recordBlock(named, event) : eventBlock(event)),
    }));
  });
}

const isRecord = value => isObject(value) && value.event_type === undefined;

function recordBlock(eventType, record) {
  const fields = fieldsOf(record, '').map(({ path, value }) => ({ path, type: avroTypeOf(value) }));
  return { tab: 'storage', eventType, fields };
}

/** The type of a value in Avro's JSON encoding, where a value of a union stands under its type. */
function avroTypeOf(value) {
  if (!isObject(value)) return typeOf(value);
  const [type = 'object'] = Object.keys(value);
  return type === 'array' ? 'array of string' : type;
}

function eventsOf(text) {
  const whole = parsed(text);
  if (whole === undefined) {
    const lines = text.split('\n').filter(line => line.trim() !== '');
    return lines.map(line => parsed(line) ?? line);
  }
  if (Array.isArray(whole)) return whole;
  return Array.isArray(whole?.events) ? whole.events : [whole];
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function eventBlock(event) {
  const tab = 'custom HTTP';
  const eventType = event?.event_type;
  const [user, properties] = [event?.user ?? {}, event?.properties ?? {}];
  if (typeof eventType !== 'string' || !isObject(user) || !isObject(properties))
    return { tab, unreadable: inspect(event, { depth: 0, breakLength: Infinity }).slice(0, 40) };
  const fields = [...fieldsOf(user, 'user.'), ...fieldsOf(properties, 'properties.')];
  return { tab, eventType, fields: fields.map(({ path, value }) => ({ path, type: typeOf(value) })) };
}

const fieldsOf = (values, prefix) =>
  Object.entries(values)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => ({ path: prefix + name, value }));

function typeOf(value) {
  if (Array.isArray(value)) return 'array of string';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return typeof value;
}
