import { planQueries } from '@braze-mixpanel/core/cohorts';
import type { Logger } from 'pino';
import { CohortError } from './errors.ts';
import type { QueryClient } from './query-client.ts';

/** A dynamic cohort that is read through the query API. */
export interface Polled {
  readonly id: string;
  readonly intervalMs: number;
}

/** How long the check may take: a Mixpanel that is down must not keep the service from taking events. */
const withinMs = 10_000;

/**
 * Holds the schedule of one connection against the budget of the query API, with the cohorts' sizes as Mixpanel lists them now.
 *
 * @throws CohortError `schedule_impossible`, with the arithmetic. A list that can't be had is a warning: nothing is known then.
 */
export async function checkSchedule(
  polled: readonly Polled[],
  { client, queriesPerHour, logger }: { client: QueryClient; queriesPerHour: number; logger: Logger },
): Promise<void> {
  if (polled.length === 0 || queriesPerHour === 0) return;
  const sizes = await sizesOf(client, logger);
  if (!sizes) return;
  const cohorts = polled.map(each => ({ ...each, members: sizes.get(each.id) ?? 0 }));
  const plan = planQueries(cohorts, queriesPerHour);
  if (!plan.possible) throw new CohortError({ code: 'schedule_impossible', detail: plan.sentence });
  logger.info(plan.sentence);
}

async function sizesOf(client: QueryClient, logger: Logger): Promise<Map<string, number> | undefined> {
  try {
    const listed = await client.list(AbortSignal.timeout(withinMs));
    return new Map(listed.map(({ id, count }) => [id, count]));
  } catch (error) {
    if (!(error instanceof CohortError)) throw error;
    logger.warn(
      `The schedule of the cohorts could not be held against the query API's budget: ${error.message}`,
    );
    return undefined;
  }
}
