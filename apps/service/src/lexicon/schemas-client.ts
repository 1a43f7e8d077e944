import { TokenBucket } from '@braze-mixpanel/concurrency';
import {
  type LexiconEntry,
  type ListedLexiconEntry,
  lexiconLimits,
  lexiconListSchema,
  refusesCredentials,
} from '@braze-mixpanel/core/mixpanel';
import { z } from 'zod';
import type { MixpanelConfig } from '../config/config.ts';
import { withoutSecretsOf } from '../secrets/without-secrets.ts';
import { answerText } from '../vendor-http/answer-text.ts';
import { basicAuthorization } from '../vendor-http/basic-authorization.ts';
import { type Exchange, exchange, parseJson, type VendorOptions } from '../vendor-http/exchange.ts';
import { type RetryPolicy, retryDelay } from '../vendor-http/retry-delay.ts';
import { LexiconError } from './lexicon-error.ts';

/** Mixpanel's Lexicon Schemas API, within its limit of requests. */
export interface SchemasClient {
  /** Every entry for an event. @throws LexiconError */
  list(): Promise<ListedLexiconEntry[]>;
  /** Adds entries, or replaces those of the same name. @throws LexiconError */
  upload(entries: readonly LexiconEntry[]): Promise<void>;
}

export interface SchemasClientOptions {
  readonly mixpanel: MixpanelConfig;
  readonly vendor: Required<VendorOptions>;
  readonly policy: RetryPolicy;
  readonly random: () => number;
  /** Monotonic time, in milliseconds. */
  readonly monotonic: () => number;
  /** Waits milliseconds. `reason` is a sentence for the operator. */
  readonly wait: (milliseconds: number, reason: string) => Promise<void>;
}

/** Attempts of one request. An upload may be repeated: it replaces what it wrote. */
const attempts = 3;
/** Wait after a 429 without a `Retry-After`: the window of the limit. */
const throttledMs = 60_000;
/** Longest wait for a `Retry-After`; after a longer one the command ends. */
const longestWaitMs = 300_000;

const uploadedSchema = z.looseObject({ status: z.literal('ok') });

/** @throws LexiconError if the connection has no service account */
export function schemasClient(options: SchemasClientOptions): SchemasClient {
  const { mixpanel, vendor, policy, random, monotonic, wait } = options;
  const { queryCredentials: credentials, projectId } = mixpanel;
  if (credentials?.kind !== 'service account' || projectId === undefined)
    throw new LexiconError('lexicon_not_configured');
  const withoutSecrets = withoutSecretsOf(credentials);
  const headers = { authorization: basicAuthorization(credentials), 'content-type': 'application/json' };
  const base = `/api/app/projects/${encodeURIComponent(projectId)}/schemas`;
  const bucket = new TokenBucket({
    limit: lexiconLimits.requestsPerMinute,
    burst: lexiconLimits.requestsPerMinute - 1,
    windowMs: throttledMs,
    monotonic,
  });

  const request = async <Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    body?: unknown,
  ): Promise<z.output<Schema>> => {
    const url = new URL(base + path, mixpanel.queryUrl);
    const sent =
      body === undefined
        ? ({ url, headers, method: 'GET' } as const)
        : { url, headers, body: JSON.stringify(body) };
    for (let attempt = 1; ; attempt++) {
      const pause = bucket.reserve();
      if (pause > 0)
        await wait(pause, `Mixpanel accepts ${lexiconLimits.requestsPerMinute} requests a minute.`);
      const came = await exchange(sent, vendor);
      const read =
        came.kind === 'answered' && came.status === 200 ? schema.safeParse(parseJson(came.body)) : undefined;
      if (read?.success) return read.data;
      const code = codeOf(came);
      const detail = detailOf(came, withoutSecrets);
      const isThrottled = code === 'lexicon_throttled';
      const delay = isThrottled
        ? (retryAfterOf(came) ?? throttledMs)
        : retryDelay(attempt, random(), policy, retryAfterOf(came));
      if (delay > longestWaitMs)
        throw new LexiconError(code, `It asks for a wait of ${Math.ceil(delay / 60_000)} min. ${detail}`);
      if ((!isThrottled && code !== 'lexicon_failed') || attempt === attempts)
        throw new LexiconError(code, detail);
      await wait(delay, isThrottled ? 'Too many requests to Lexicon.' : detail);
    }
  };

  return {
    list: async () => (await request('/event', lexiconListSchema)).results,
    upload: async entries => void (await request('', uploadedSchema, { entries })),
  };
}

const retryAfterOf = (came: Exchange) => (came.kind === 'answered' ? came.retryAfterMs : undefined);

function detailOf(came: Exchange, withoutSecrets: (text: string) => string): string {
  return came.kind === 'lost'
    ? `No answer: ${withoutSecrets(came.why)}`
    : `Mixpanel returned ${answerText(came, withoutSecrets)}`;
}

function codeOf(came: Exchange) {
  if (came.kind === 'lost') return 'lexicon_failed';
  const { status, body } = came;
  if (status === 429) return 'lexicon_throttled';
  if (refusesCredentials(status, body)) return 'lexicon_credentials_refused';
  if (status === 402) return 'lexicon_not_in_plan';
  return status === 200 || status === 408 || status >= 500 ? 'lexicon_failed' : 'lexicon_refused';
}
