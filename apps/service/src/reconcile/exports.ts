import { takeFromBudget } from '@braze-mixpanel/core/cohorts';
import { catalogueVersions } from '@braze-mixpanel/core/currents';
import { projectTimeZone } from '@braze-mixpanel/core/mixpanel';
import type { ConnectionConfig } from '../config/config.ts';
import { namesOfType } from '../config/names-of-type.ts';
import { CompareError } from './compare-error.ts';
import { type ExportedEvent, rawExport } from './raw-export.ts';

export interface ExportsOptions {
  readonly fetch: typeof fetch;
  readonly withoutSecrets: (text: string) => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Time-out of one export. */
  readonly timeoutMs?: number;
}

/** Days are `YYYY-MM-DD`, both inclusive. */
export interface ExportRange {
  readonly from: string;
  readonly to: string;
  readonly names: readonly string[];
  readonly timeoutMs?: number;
  /** Requests for more names than these are one request for every event. Default: 10. */
  readonly mostParts?: number;
  /**
   * `exact` leaves out the day after those that are read, where the project has UTC. Default: with that day, by which a
   * wrong time zone shows.
   */
  readonly days?: 'exact' | 'with_margin';
  /** Ends the export, as its time-out does. */
  readonly stop?: AbortSignal;
}

/** Limit of the raw export. Source: Mixpanel, "Rate Limits" (60 queries an hour). */
const exportsPerHour = 60;
const hourMs = 3_600_000;
const dayMs = 86_400_000;
/** A caller waits for the answer: this is less than the default of clients. */
const defaultTimeoutMs = 240_000;
/** Maximum of characters of event names in one request: they are part of its address. */
const namesLength = 4_000;
/** Maximum of requests with names in one export, of the sixty in an hour. */
const defaultParts = 10;

/**
 * Mixpanel's raw export: one at a time, since its counts are kept in memory, and for each connection within
 * the sixty requests that Mixpanel allows in an hour.
 */
export class Exports {
  readonly #options: ExportsOptions;
  readonly #uses = new Map<string, readonly number[]>();
  #reading = false;

  constructor(options: ExportsOptions) {
    this.#options = options;
  }

  /**
   * Calls back with every event of these names whose `time` is within the days, both inclusive, in UTC.
   * `timeoutMs` is for a caller that waits longer than a client of the API.
   *
   * @throws CompareError
   */
  async read(
    { name, mixpanel }: ConnectionConfig,
    {
      from,
      to,
      names,
      timeoutMs = this.#options.timeoutMs ?? defaultTimeoutMs,
      mostParts = defaultParts,
      days = 'with_margin',
      stop,
    }: ExportRange,
    take: (event: ExportedEvent) => void,
  ): Promise<void> {
    if (mixpanel.queryCredentials === undefined) throw new CompareError('compare_not_configured');
    if (this.#reading) throw new CompareError('compare_busy');
    this.#reading = true;
    const { now } = this.#options;
    const timeout = AbortSignal.timeout(timeoutMs);
    const ends = stop === undefined ? timeout : AbortSignal.any([timeout, stop]);
    const options = { ...this.#options, mixpanel, stop: ends };
    // The days of the export are those of the project's time zone.
    const isUtc = mixpanel.timeZone === 'UTC';
    const margin = { before: isUtc ? 0 : 1, after: isUtc && days === 'exact' ? 0 : 1 };
    const today = projectTimeZone(mixpanel.timeZone).dayOf(now());
    const range = { from: shifted(from, -margin.before), to: earlier(shifted(to, margin.after), today) };
    const wanted = new Set(names);
    const first = Date.parse(from) / 1_000;
    const end = Date.parse(shifted(to, 1)) / 1_000;
    try {
      // An event without a type is counted under an empty name, which no event in Mixpanel has.
      const named = names.filter(each => each !== '');
      for (const events of inParts(named, mostParts)) {
        this.#spend(name);
        await rawExport({ ...range, events }, options, event => {
          if (event.time >= first && event.time < end && wanted.has(event.event)) take(event);
        });
      }
    } finally {
      this.#reading = false;
    }
  }

  #spend(connection: string): void {
    const { now } = this.#options;
    const taken = takeFromBudget(this.#uses.get(connection) ?? [], now(), {
      limit: exportsPerHour,
      windowMs: hourMs,
    });
    this.#uses.set(connection, taken.uses);
    if (!taken.granted) {
      const wait = taken.freeAt - now();
      const detail = `The next one is possible in ${Math.ceil(wait / 60_000)} minutes.`;
      throw new CompareError('compare_throttled', detail, wait);
    }
  }
}

/**
 * Names of events that this service, or another sender, may have delivered: those of the catalogue version's
 * event types in every version, the names of CURRENTS_NAMES, and other known names, such as those that were
 * delivered under earlier choices.
 */
export function namesOf({ currents }: ConnectionConfig, others: Iterable<string>): string[] {
  const entries = catalogueVersions.get(currents.catalogueVersion)?.entries ?? [];
  const listed = entries.flatMap(({ eventType }) => namesOfType(eventType));
  return [...new Set([...listed, ...Object.values(currents.names), ...others])];
}

/**
 * Names for one request each. Where they fit into no address, or need too many requests: one request for
 * every event.
 */
function inParts(names: readonly string[], mostParts: number): (string[] | undefined)[] {
  const parts: string[][] = [[]];
  let length = 0;
  for (const name of names) {
    const own = encodeURIComponent(JSON.stringify(name)).length + 3;
    if (own > namesLength) return [undefined];
    length += own;
    if (length > namesLength) {
      parts.push([]);
      length = own;
    }
    parts.at(-1)!.push(name);
  }
  return parts.length > mostParts ? [undefined] : parts;
}

/** `YYYY-MM-DD` in UTC. */
export const dayOf = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 10);
const shifted = (day: string, by: number): string => dayOf(Date.parse(day) + by * dayMs);
const earlier = (one: string, other: string): string => (one < other ? one : other);
