import { importLimits } from '@braze-mixpanel/core/mixpanel';

/** An event as Mixpanel keeps it. */
export interface StoredEvent {
  event: string;
  properties: Record<string, unknown>;
}

const firstMillisecondTime = 100_000_000_000;

/**
 * What Mixpanel makes of a valid event on its way in, or undefined when it drops it:
 *
 * - `$ignore` drops the event;
 * - `ip` becomes geo properties and is not stored (this simulator knows no places: it adds none);
 * - `time` in milliseconds becomes seconds; a `time` ahead of the clock (by up to an hour) becomes the moment of receipt, at
 *   each ingestion anew;
 * - strings are cut after 255 characters.
 */
export function settleEvent(row: unknown, receivedAt: number): StoredEvent | undefined {
  if (!isEvent(row)) return undefined;
  const { event, properties } = row;
  if (Object.hasOwn(properties, '$ignore')) return undefined;
  const now = Math.floor(receivedAt / 1000);
  const stored: Record<string, unknown> = {};
  for (const name of Object.keys(properties)) {
    if (name === 'ip') continue;
    const value = name === 'time' ? Math.min(secondsOf(properties[name]), now) : cutStrings(properties[name]);
    if (name === '__proto__')
      Object.defineProperty(stored, name, { value, enumerable: true, configurable: true });
    else stored[name] = value;
  }
  return { event, properties: stored };
}

/** The identity by which Mixpanel de-duplicates when it is queried: event, distinct id, time and `$insert_id`. */
export function identityOf({ event, properties }: StoredEvent): string {
  const distinctId = String(properties.distinct_id);
  // Joined, not concatenated: that gives one flat string, which keeps none of its parts in memory.
  return [properties.$insert_id, properties.time, distinctId.length, distinctId, event].join('\n');
}

function isEvent(row: unknown): row is StoredEvent {
  return typeof row === 'object' && row !== null && 'properties' in row && typeof row.properties === 'object';
}

function secondsOf(time: unknown): number {
  const number = Number(time);
  return Math.floor(number >= firstMillisecondTime ? number / 1000 : number);
}

function cutStrings(value: unknown): unknown {
  if (typeof value === 'string')
    return value.length > importLimits.stringLength ? value.slice(0, importLimits.stringLength) : value;
  if (Array.isArray(value)) return value.map(cutStrings);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, cutStrings(child)]));
}
