import { setTimeout as wait } from 'node:timers/promises';
import { queryLimits } from '@braze-mixpanel/core/mixpanel';
import { type RateLimits, type Respond, respond, type SimRequest } from '@braze-mixpanel/simulator-kit';
import { isAuthorized } from '../auth.ts';
import { unauthorized } from '../import/answers.ts';
import type { Project, Settings } from '../project.ts';

export interface QueryParts {
  readonly project: Project;
  readonly settings: () => Settings;
  readonly limits: RateLimits<'queries'>;
}

/**
 * What every request to the query API goes through: credentials, then, when rate limits are on, at most 60 in an hour
 * (each page counts) and 5 at once.
 */
export function createQueryGate({ project, settings, limits }: QueryParts) {
  let atOnce = 0;
  return async (request: SimRequest, answer: () => Respond): Promise<Respond> => {
    if (!isAuthorized(request, project, 'query')) return unauthorized();
    if (limits.enabled && atOnce >= queryLimits.queriesAtOnce) return tooMany(request);
    if (!limits.take('queries').allowed) return tooMany(request);
    atOnce++;
    try {
      const { queryMilliseconds } = settings();
      if (queryMilliseconds > 0) await wait(queryMilliseconds);
      return answer();
    } finally {
      atOnce--;
    }
  };
}

export type QueryGate = ReturnType<typeof createQueryGate>;

export function queryError(request: SimRequest, status: number, error: string, rule: string): Respond {
  return respond(status, { request: request.path, error, status: 'error' }, { rule });
}

function tooMany(request: SimRequest): Respond {
  const text =
    `Query rate limit exceeded: a project may make ${queryLimits.queriesPerHour} queries per hour ` +
    `and ${queryLimits.queriesAtOnce} concurrent queries. Please retry later.`;
  return queryError(request, 429, text, 'rate limit');
}
