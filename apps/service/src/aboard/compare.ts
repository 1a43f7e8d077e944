import { takeFromBudget } from '@braze-mixpanel/core/cohorts';
import { generations } from '@braze-mixpanel/core/currents';
import type { ConnectionConfig } from '../config.ts';
import type { Journal } from '../storage/types.ts';
import { CompareError } from './compare-error.ts';
import { type ComparedDay, compareDays } from './difference.ts';
import { ExportTally } from './export-tally.ts';
import { rawExport } from './raw-export.ts';

export interface Comparison {
  readonly connection: string;
  readonly from: string;
  readonly to: string;
  /** Whether the connection runs in shadow: `ours` are then events that would have been sent. */
  readonly shadow: boolean;
  /** False when there were more events than can be told apart: ask for fewer days, or for one event. */
  readonly complete: boolean;
  readonly agrees: boolean;
  readonly days: readonly ComparedDay[];
}

export interface CompareRequest {
  /** `YYYY-MM-DD` in UTC, both inclusive. */
  readonly from: string;
  readonly to: string;
  /** This event alone. */
  readonly event?: string | undefined;
}

export interface CompareOptions {
  readonly journal: Pick<Journal, 'dayCounts'>;
  readonly fetch: typeof fetch;
  readonly withoutSecrets: (text: string) => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Ends the reading of an export. */
  readonly timeoutMs?: number;
}

/** Of the raw export, in an hour. Source: Mixpanel, "Rate Limits" (60 queries an hour). */
const exportsPerHour = 60;
const hourMs = 3_600_000;
const dayMs = 86_400_000;
/** A caller waits for the answer: this is less than clients do by themselves. */
const defaultTimeoutMs = 240_000;
/** Characters of event names in one request: they stand in its address. */
const namesLength = 4_000;

/**
 * Compares our journal with Mixpanel's raw export, per event and UTC day; one comparison at a time for each connection, within the
 * sixty exports that Mixpanel allows in an hour.
 */
export class Comparisons {
  readonly #options: CompareOptions;
  readonly #running = new Set<string>();
  readonly #uses = new Map<string, number[]>();

  constructor(options: CompareOptions) {
    this.#options = options;
  }

  /** @throws CompareError */
  async compare(connection: ConnectionConfig, request: CompareRequest): Promise<Comparison> {
    if (connection.mixpanel.queryCredentials === undefined) throw new CompareError('compare_not_configured');
    if (this.#running.has(connection.name)) throw new CompareError('compare_busy');
    this.#running.add(connection.name);
    try {
      return await this.#compare(connection, request);
    } finally {
      this.#running.delete(connection.name);
    }
  }

  async #compare(connection: ConnectionConfig, { from, to, event }: CompareRequest): Promise<Comparison> {
    const { journal, now, timeoutMs = defaultTimeoutMs } = this.#options;
    const { name, currents } = connection;
    const all = await journal.dayCounts({ connection: name, from, to });
    const ours = event === undefined ? all : all.filter(each => each.event === event);
    const names =
      event === undefined
        ? namesOf(
            connection,
            ours.map(each => each.event),
          )
        : [event];
    const tally = new ExportTally();
    const stop = AbortSignal.timeout(timeoutMs);
    // A day more on each side: which events belong to a date depends on the project's time zone.
    const range = { from: shifted(from, -1), to: earlier(shifted(to, 1), dayOf(now())) };
    for (const events of inParts(names)) {
      this.#spend(name);
      const options = { ...this.#options, mixpanel: connection.mixpanel, stop };
      for await (const exported of rawExport({ ...range, events }, options)) {
        const day = dayOf(exported.time * 1_000);
        if (day >= from && day <= to) tally.add(exported);
      }
    }
    const days = compareDays(ours, tally.counts(), { shadow: currents.shadow, now: now() });
    const agrees = days.every(each => each.agrees);
    return {
      ...{ connection: name, from, to, shadow: currents.shadow },
      ...{ complete: tally.complete, agrees, days },
    };
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
      const detail = `The next one is free in ${Math.ceil(wait / 60_000)} minutes.`;
      throw new CompareError('compare_throttled', detail, wait);
    }
  }
}

/** What this service may have delivered, or somebody else in its place: our own counts, and the whole catalogue. */
function namesOf({ currents }: ConnectionConfig, counted: readonly string[]): string[] {
  const entries = generations.get(currents.generation)?.entries ?? [];
  const listed = entries.filter(({ naming }) => naming === undefined).map(({ name }) => name);
  return [...new Set([...listed, ...counted])];
}

function inParts(names: readonly string[]): string[][] {
  const parts: string[][] = [[]];
  let length = 0;
  for (const name of names) {
    length += encodeURIComponent(name).length + 8;
    if (length > namesLength && parts.at(-1)!.length > 0) {
      parts.push([]);
      length = encodeURIComponent(name).length + 8;
    }
    parts.at(-1)!.push(name);
  }
  return parts;
}

const dayOf = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 10);
const shifted = (day: string, by: number): string => dayOf(Date.parse(day) + by * dayMs);
const earlier = (one: string, other: string): string => (one < other ? one : other);
