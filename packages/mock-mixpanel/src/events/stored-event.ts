import { importLimits } from '@braze-mixpanel/core/mixpanel';

/** An event as Mixpanel stores it. */
export interface StoredEvent {
  event: string;
  properties: Record<string, unknown>;
}

const firstMillisecondTime = 100_000_000_000;

/**
 * The stored form of a valid event, or `undefined` if Mixpanel drops it:
 *
 * - `$ignore` drops the event;
 * - `ip` is not stored (Mixpanel derives geo properties from it; the simulator adds none);
 * - `time` in milliseconds becomes seconds, and a `time` in the future (by up to an hour) becomes the time of
 *   receipt of each ingestion;
 * - strings are cut to 255 characters; never within a surrogate pair.
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
 * The identity by which Mixpanel de-duplicates in queries: event, distinct ID, time and `$insert_id`. It is
 * the same for a received row and its stored form.
 */
export function identityOf({ event, properties }: StoredEvent, receivedAt: number): string {
  const { $insert_id, time, distinct_id } = properties;
  const distinctId = String(cutStrings(distinct_id));
  // `join` creates a flat string; concatenation would keep the parts in memory.
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

/** The time at which Mixpanel stores an event, in seconds since 1970: at most the time of receipt. */
export function settledTime(time: unknown, receivedAt: number): number {
  return Math.min(secondsOf(time), Math.floor(receivedAt / 1000));
}

function secondsOf(time: unknown): number {
  const number = Number(time);
  return Math.floor(number >= firstMillisecondTime ? number / 1000 : number);
}

/** Counts characters, not UTF-16 code units, so that none is cut in half. */
function cutString(text: string): string {
  const { stringLength } = importLimits;
  if (text.length <= stringLength) return text;
  return [...text.slice(0, 2 * stringLength)].slice(0, stringLength).join('');
}

function cutStrings(value: unknown): unknown {
  if (typeof value === 'string') return cutString(value);
  if (Array.isArray(value)) return value.map(cutStrings);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, cutStrings(child)]));
}
