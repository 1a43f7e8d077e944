/**
 * Sample events in a folder of JSON files, as the Custom HTTP connector sends them: an event, a list of events,
 * `{"events": […]}`, or one event per line.
 */
import { inspect } from 'node:util';
import { textsOf } from './texts-of.mjs';

/** Blocks in the form of `readGlossary`, one per event. */
export async function readSamples(folder) {
  const texts = await textsOf(folder, /\.(json|jsonl|ndjson)$/);
  return texts.flatMap(({ file, text }) =>
    eventsOf(text).map(event => ({ file, tab: 'custom HTTP', ...blockOf(event) })),
  );
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

function blockOf(event) {
  const eventType = event?.event_type;
  const [user, properties] = [event?.user ?? {}, event?.properties ?? {}];
  if (typeof eventType !== 'string' || !isObject(user) || !isObject(properties))
    return { unreadable: inspect(event, { depth: 0, breakLength: Infinity }).slice(0, 40) };
  const fields = Object.entries({ user, properties }).flatMap(([part, values]) =>
    Object.entries(values)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => ({ path: `${part}.${name}`, type: typeOf(value) })),
  );
  return { eventType, fields };
}

const isObject = value => typeof value === 'object' && value !== null && !Array.isArray(value);

function typeOf(value) {
  if (Array.isArray(value)) return 'array of string';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return typeof value;
}
