import { setTimeout as pause } from 'node:timers/promises';
import { takeFromBudget } from '@braze-mixpanel/core/cohorts';
import type { z } from 'zod';
import type { Secret } from '../secrets/secret.ts';
import { answerText } from './answer-text.ts';
import { type Exchange, exchange, parseJson, type VendorOptions } from './exchange.ts';
import { type RetryPolicy, retryDelay } from './retry-delay.ts';
import { vendorText } from './vendor-text.ts';

/** A part of Braze's numbers that could not be read. The message is a sentence for the report. */
export class NotRead extends Error {
  override readonly name = 'NotRead';
  /** Time from which Braze accepts the request, in milliseconds since 1970, where a limit is used up. */
  readonly retryAt: number | undefined;
  /** Braze does not know the campaign, Canvas or send of the request. */
  readonly isUnknown: boolean;
  /** A later request may be answered: Braze did not answer, or failed. */
  readonly isTransient: boolean;

  constructor(
    message: string,
    {
      retryAt,
      isUnknown = false,
      isTransient = false,
    }: { retryAt?: number; isUnknown?: boolean; isTransient?: boolean } = {},
  ) {
    super(message);
    this.retryAt = retryAt;
    this.isUnknown = isUnknown;
    this.isTransient = isTransient;
  }
}

export interface AnalyticsClientOptions {
  readonly restUrl: string;
  readonly key: Secret;
  readonly vendor: VendorOptions;
  readonly withoutSecrets: (text: string) => string;
  readonly budget: Pick<AnalyticsBudget, 'take'>;
  readonly stop?: AbortSignal;
  /** Further tries of a request that Braze did not answer, or failed; none by default. */
  readonly retries?: AnalyticsRetries;
}

interface AnalyticsRetries {
  readonly policy: RetryPolicy;
  /** Between 0 and 1. */
  readonly random: () => number;
  /** Waits milliseconds, or until the stop. */
  readonly wait?: (milliseconds: number, stop: AbortSignal | undefined) => Promise<void>;
}

/** Tries of one request, the first included. */
const mostTries = 3;
/** Longest wait for a further try. Where Braze asks for a longer one, the read fails. */
const longestWaitMs = 60_000;

const realWait = (milliseconds: number, signal: AbortSignal | undefined): Promise<void> =>
  pause(milliseconds, undefined, { signal, ref: false }).catch(() => {});

/** Limits of Braze for an hour, which real sends share. Source: Braze documentation, "API rate limits", 2026. */
const limits = { shared: 250_000, products: 1_000 };
const hourMs = 3_600_000;
/** Wait after a 429 that names none. */
const throttledMs = 10 * 60_000;

/** A share of the requests that Braze allows in an hour, for each limit and REST endpoint. */
export class AnalyticsBudget {
  readonly #uses = new Map<string, readonly number[]>();
  readonly #share: number;
  readonly #windowMs: number;

  /**
   * @param share the part of a limit, 2 % by default
   * @param windowMs milliseconds in which the share of that time is used at most; an hour by default
   */
  constructor(share = 0.02, windowMs = hourMs) {
    this.#share = share;
    this.#windowMs = windowMs;
  }

  /** @param now milliseconds since 1970. @throws NotRead when the part is used up */
  take(restUrl: string, limit: keyof typeof limits, now: number): void {
    const key = `${restUrl} ${limit}`;
    const taken = takeFromBudget(this.#uses.get(key) ?? [], now, {
      limit: Math.floor((limits[limit] * this.#share * this.#windowMs) / hourMs),
      windowMs: this.#windowMs,
    });
    this.#uses.set(key, taken.uses);
    if (taken.granted) return;
    const span = this.#windowMs === hourMs ? 'an hour' : `${this.#windowMs / 60_000} min`;
    throw new NotRead(
      `${this.#share * 100} % of the requests that Braze allows in ${span} are used up. Try again from ${minuteText(taken.freeAt)} on.`,
      { retryAt: taken.freeAt },
    );
  }
}

/** Reads a path of Braze's export API; the permission of a path is its name with a dot. @throws NotRead */
export type ReadAnalytics = <Schema extends z.ZodType>(
  path: `/${string}`,
  query: Readonly<Record<string, string | number>>,
  schema: Schema,
) => Promise<z.output<Schema>>;

/** Reads Braze's analytics, one request at a time. Each try counts against the budget. */
export function analyticsClient(options: AnalyticsClientOptions): ReadAnalytics {
  const { restUrl, key, vendor, withoutSecrets, budget, stop, retries } = options;
  const headers = { authorization: `Bearer ${key.reveal()}` };
  return async (path, query, schema) => {
    const url = new URL(path, restUrl);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
    const limit = /^\/(purchases|events\/list)/.test(path) ? 'products' : 'shared';
    const request = () => {
      budget.take(restUrl, limit, vendor.now());
      return exchange({ url, method: 'GET', headers }, vendor, stop);
    };
    let came = await request();
    for (let tries = 1; retries !== undefined && tries < mostTries && isFailure(came); tries++) {
      const { policy, random, wait = realWait } = retries;
      const retryAfterMs = came.kind === 'answered' ? came.retryAfterMs : undefined;
      if (stop?.aborted || (retryAfterMs ?? 0) > longestWaitMs) break;
      await wait(Math.min(retryDelay(tries, random(), policy, retryAfterMs), longestWaitMs), stop);
      if (stop?.aborted) break;
      came = await request();
    }
    if (came.kind === 'lost')
      throw new NotRead(`Braze did not answer ${path}: ${withoutSecrets(came.why)}.`, { isTransient: true });
    const { status } = came;
    const permission = path.slice(1).replace('/', '.');
    if (status === 401)
      throw new NotRead(
        `Braze rejected BRAZE_ANALYTICS_KEY for ${path}: it does not know this key. Check the key, and that BRAZE_REST_URL is the instance of your dashboard.`,
      );
    if (status === 403)
      throw new NotRead(
        `Braze rejected BRAZE_ANALYTICS_KEY for ${path}: it needs the permission ${permission}.`,
      );
    if (status === 429) {
      const retryAt = vendor.now() + (came.retryAfterMs ?? throttledMs);
      throw new NotRead(
        `Braze's limit of requests for ${path} is used up. Try again from ${minuteText(retryAt)} on.`,
        { retryAt },
      );
    }
    const read = status < 300 ? schema.safeParse(parseJson(came.body)) : undefined;
    if (read?.success) {
      const problem = problemOf(path, came.body);
      if (problem === undefined) return read.data;
      throw new NotRead(
        `Braze did not list everything for ${path}, so what is missing there is not known: ${vendorText(problem, withoutSecrets, 200)}.`,
      );
    }
    const isUnknown = status === 400 || status === 404;
    throw new NotRead(`Braze returned ${answerText(came, withoutSecrets, 200)} for ${path}.`, {
      isUnknown,
      isTransient: isFailure(came),
    });
  };
}

/**
 * The message of a list that did not complete without errors: it is `success` otherwise.
 *
 * Source: Braze documentation, GET /campaigns/list and /canvas/list, 2026.
 */
function problemOf(path: string, body: string): string | undefined {
  if (!path.endsWith('/list')) return undefined;
  const { message } = parseJson(body) as { readonly message?: unknown };
  return typeof message !== 'string' || message.toLowerCase() === 'success' ? undefined : message;
}

/** The minute of a time or the next one: `2026-01-31 12:05 UTC`. */
const minuteText = (time: number): string =>
  `${new Date(Math.ceil(time / 60_000) * 60_000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** Whether a later request may be answered. */
const isFailure = (came: Exchange): boolean => came.kind === 'lost' || came.status >= 500;
