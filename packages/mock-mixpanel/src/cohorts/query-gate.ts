import { setTimeout as wait } from 'node:timers/promises';
import { ConcurrencyLimit, type Respond, respond, type SimRequest } from '@braze-mixpanel/simulator-kit';
import { isAuthorized } from '../access.ts';
import { unauthorized } from '../import/answers.ts';
import type { MockMixpanelModel } from '../model.ts';
import type { LimitName } from '../rate-limits.ts';
import { rulesFrom } from '../sources.ts';

/** The limits of one API: per hour, per shorter period, and concurrent. */
interface GateLimits {
  readonly windows: readonly LimitName[];
  readonly atOnce: LimitName;
}

const limitsOf = {
  query: { windows: ['queries'], atOnce: 'queriesAtOnce' },
  export: { windows: ['exports', 'exportsPerSecond'], atOnce: 'exportsAtOnce' },
} as const satisfies Record<string, GateLimits>;

/**
 * The checks of every request to the query API (and to the raw export): credentials, then the rate limits if
 * enabled. These are 60 an hour (each page counts) and 5 at once; for the export 60 an hour, 3 a second, 100
 * at once.
 */
export function createQueryGate(api: keyof typeof limitsOf, model: MockMixpanelModel) {
  const { limits, project } = model;
  const running = new ConcurrencyLimit();
  const { windows, atOnce }: GateLimits = limitsOf[api];
  const tooMany = (request: SimRequest) => {
    const [perHour = atOnce] = windows;
    // The exact text of live answers, whose count includes the rejected query.
    const text =
      `Query rate limit exceeded for project_id: ${project.id}. ${running.running}/${limits.rules[atOnce].limit} queries ` +
      `running concurrently and ${limits.taken(perHour) + 1}/${limits.rules[perHour].limit} queries running in the last hour. ` +
      'For more information, please consult our documentation at ' +
      'https://help.mixpanel.com/hc/en-us/articles/115004602563-Rate-Limits-for-Export-API-Endpoints';
    return respond(429, { request: request.path, error: text }, { rule: 'rate limit' });
  };
  return async (request: SimRequest, answer: () => Respond | Promise<Respond>): Promise<Respond> => {
    if (!isAuthorized(request, model, 'query')) return unauthorized();
    const most = limits.isOn(atOnce) ? limits.rules[atOnce].limit : Number.POSITIVE_INFINITY;
    const answered = await running.run(most, async () => {
      if (!limits.takeAll(Object.fromEntries(windows.map(name => [name, 1])))) return undefined;
      const { queryMilliseconds } = model.settings;
      if (queryMilliseconds > 0) await wait(queryMilliseconds);
      return answer();
    });
    return answered ?? tooMany(request);
  };
}

/** The rules of the limits that all queries share. */
export const queryLimitRules = () => [
  ...rulesFrom.rateLimits('60 queries in an hour and 5 at once, each page counts (off until enabled)'),
  ...rulesFrom.liveAnswers('the text of 429 contains both limits and their current use'),
];

export function queryError(request: SimRequest, status: number, error: string, rule: string): Respond {
  return respond(status, { request: request.path, error, status: 'error' }, { rule });
}
