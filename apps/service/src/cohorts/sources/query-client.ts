/**
 * The query API of Mixpanel: the list of cohorts, and pages of one cohort.
 *
 * Every attempt first reserves one query from the budget, in its sync's order, and one of the slots that
 * Mixpanel allows at once; one of these is left to the other programs of the project. A failure is thrown as
 * a `CohortError`: incomplete results are never returned.
 */

import { Semaphore } from '@braze-mixpanel/concurrency';
import type { QueryRequest } from '@braze-mixpanel/core/cohorts';
import {
  cohortListSchema,
  type EngagePage,
  engagePageSchema,
  type ListedCohort,
  queryLimits,
  refusesCredentials,
} from '@braze-mixpanel/core/mixpanel';
import type { z } from 'zod';
import { withoutSecretsOf } from '../../secrets/without-secrets.ts';
import { answerText } from '../../vendor-http/answer-text.ts';
import { basicAuthorization } from '../../vendor-http/basic-authorization.ts';
import { type Exchange, exchange, parseJson, type VendorOptions } from '../../vendor-http/exchange.ts';
import { type RetryPolicy, retryDelay } from '../../vendor-http/retry-delay.ts';
import type { Clean } from '../../vendor-http/vendor-text.ts';
import { CohortError } from '../cohort-error.ts';
import type { CohortConnection } from '../connection.ts';
import type { QueryBudget } from './query-budget.ts';

export interface QueryClientOptions {
  readonly mixpanel: CohortConnection['mixpanel'];
  readonly budget: Pick<QueryBudget, 'take' | 'leave'>;
  readonly clock: { now(): number };
  readonly vendor: VendorOptions;
  readonly policy: RetryPolicy;
  readonly random: () => number;
  readonly wait: (milliseconds: number, stop: AbortSignal) => Promise<void>;
}

interface PageRequest {
  readonly cohort: string;
  /** Properties that matching needs; all others are left out. */
  readonly properties: readonly string[];
  readonly page: number;
  /** The session of the first page's answer; required for further pages. */
  readonly session?: string;
}

/**
 * Each query waits for its place of `turn.sync` in the queue; without a sync it is refused where it would
 * have to wait.
 */
export interface QueryClient {
  list(stop: AbortSignal, turn?: QueryRequest): Promise<ListedCohort[]>;
  page(request: PageRequest, stop: AbortSignal, turn?: QueryRequest): Promise<EngagePage>;
}

/** Attempts of one query; each counts in the hour's budget. */
const attempts = 3;
/** Wait after a 429 of the query API without a `Retry-After`. */
const throttledMs = 300_000;

export function queryClient(options: QueryClientOptions): QueryClient {
  const { mixpanel, vendor, policy, random, wait } = options;
  const credentials = mixpanel.queryCredentials;
  const withoutSecrets = withoutSecretsOf(credentials);
  const semaphore = new Semaphore(queryLimits.queriesAtOnce - 1);
  const authorization = credentials === undefined ? '' : basicAuthorization(credentials);

  const ask = async <Schema extends z.ZodType>(
    path: string,
    form: Record<string, string>,
    schema: Schema,
    stop: AbortSignal,
    request: QueryRequest = {},
  ): Promise<z.output<Schema>> => {
    if (credentials === undefined) throw new CohortError('query_not_configured');
    const url = new URL(path, mixpanel.queryUrl);
    if (mixpanel.projectId !== undefined) url.searchParams.set('project_id', mixpanel.projectId);
    const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
    const body = new URLSearchParams(form).toString();
    for (let attempt = 1; ; attempt++) {
      const turn = await options.budget.take(request);
      if (!turn.granted) {
        const detail = 'the hourly query budget is used up';
        throw new CohortError('mixpanel_query_throttled', detail, turn.freeAt);
      }
      const came = await semaphore.run(() => exchange({ url, headers, body }, vendor, stop));
      const parsed =
        came.kind === 'answered' && came.status === 200 ? schema.safeParse(parseJson(came.body)) : undefined;
      if (parsed?.success) return parsed.data;
      if (stop.aborted) throw new CohortError('cohort_stopping');
      const failure = failureOf(came, withoutSecrets, options.clock.now(), form.session_id !== undefined);
      // It waits for Mixpanel now, and not for the budget.
      if (failure.retryAt !== undefined && request.sync !== undefined)
        await options.budget.leave(request.sync);
      if (failure.code !== 'mixpanel_query_failed' || attempt === attempts) throw failure;
      await wait(retryDelay(attempt, random(), policy), stop);
    }
  };

  return {
    list: (stop, turn) => ask('/api/query/cohorts/list', {}, cohortListSchema, stop, turn),
    page: ({ cohort, properties, page, session }, stop, turn) =>
      ask(
        '/api/query/engage',
        {
          // An ID of digits is sent as the number that Mixpanel made, of any length.
          filter_by_cohort: `{"id":${/^\d+$/.test(cohort) ? cohort : JSON.stringify(cohort)}}`,
          output_properties: JSON.stringify(properties),
          ...(session !== undefined && { session_id: session, page: String(page) }),
        },
        engagePageSchema,
        stop,
        turn,
      ),
  };
}

function failureOf(came: Exchange, withoutSecrets: Clean, now: number, inSession: boolean): CohortError {
  if (came.kind === 'lost') return new CohortError('mixpanel_query_failed', came.why);
  const { status, body, retryAfterMs } = came;
  const detail = `Mixpanel returned ${answerText(came, withoutSecrets)}`;
  if (status === 429)
    return new CohortError('mixpanel_query_throttled', detail, now + (retryAfterMs ?? throttledMs));
  if (status === 200 || status === 408 || status >= 500)
    return new CohortError('mixpanel_query_failed', detail);
  if (refusesCredentials(status, body)) return new CohortError('mixpanel_query_credentials_refused', detail);
  // Not documented; seen by users of plans without API calls, with the sentence "Your plan does not allow API
  // calls".
  if (status === 402) return new CohortError('mixpanel_query_not_in_plan', detail);
  // Mixpanel does not document the lifetime of a session. The first page was accepted with the same
  // credentials and the same cohort.
  const code = inSession && status >= 400 ? 'mixpanel_session_lost' : 'mixpanel_query_refused';
  return new CohortError(code, detail);
}
