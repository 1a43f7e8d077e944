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
  if (!isKept(row)) return undefined;
  const { event, properties } = row;
  const stored: Record<string, unknown> = {};
  for (const name of Object.keys(properties)) {
    if (name === 'ip') continue;
    const value = name === 'time' ? settledTime(properties[name], receivedAt) : cutStrings(properties[name]);
    if (name === '__proto__')
      Object.defineProperty(stored, name, { value, enumerable: true, configurable: true });
    else stored[name] = value;
  }
  return { event, properties: stored };
}

/**
 * The identity by which Mixpanel de-duplicates when it is queried: event, distinct id, time and `$insert_id`. The same for a row as
 * it came and as it was settled.
 */
export function identityOf({ event, properties }: StoredEvent, receivedAt: number): string {
  const { $insert_id, time, distinct_id } = properties;
  const distinctId = String(cutStrings(distinct_id));
  // Joined, not concatenated: that gives one flat string, which keeps none of its parts in memory.
  return [$insert_id, settledTime(time, receivedAt), distinctId.length, distinctId, event].join('\n');
}

/** Whether a valid row is stored at all. */
export function isKept(row: unknown): row is StoredEvent {
  return (
    typeof row === 'object' &&
    row !== null &&
    'properties' in row &&
    typeof row.properties === 'object' &&
    row.properties !== null &&
    !Object.hasOwn(row.properties, '$ignore')
  );
}

function settledTime(time: unknown, receivedAt: number): number {
  return Math.min(secondsOf(time), Math.floor(receivedAt / 1000));
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
