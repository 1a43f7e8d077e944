/**
 * Sample events in a folder of JSON files, as the Custom HTTP connector sends them: an event, a list of events,
 * `{"events": […]}`, or one event per line.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Blocks in the form of `readGlossary`, one per event. */
export async function readSamples(folder) {
  const names = (await readdir(folder)).filter(name => /\.(json|jsonl|ndjson)$/.test(name)).sort();
  const blocks = await Promise.all(
    names.map(async name => {
      const events = eventsOf(await readFile(join(folder, name), 'utf8'));
      return events.map(event => ({ file: name, tab: 'custom HTTP', ...blockOf(event) }));
    }),
  );
  return blocks.flat();
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
  if (typeof event?.event_type !== 'string') return { unreadable: `${JSON.stringify(event)}`.slice(0, 40) };
  const fields = ['user', 'properties'].flatMap(part =>
    Object.entries(event[part] ?? {})
      .filter(([, value]) => value !== null)
      .map(([name, value]) => ({ path: `${part}.${name}`, type: typeOf(value) })),
  );
  return { eventType: event.event_type, fields };
}

function typeOf(value) {
  if (Array.isArray(value)) return 'array of string';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return typeof value;
}
