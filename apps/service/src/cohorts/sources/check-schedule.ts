import { planQueries } from '@braze-mixpanel/core/cohorts';
import type { Logger } from 'pino';
import { CohortError } from '../cohort-error.ts';
import type { ListedCohorts } from './listed-cohorts.ts';

/** A dynamic cohort that is read through the query API. */
export interface Polled {
  readonly id: string;
  readonly intervalMs: number;
  /** As of the last read, where there was one. */
  readonly members?: number | undefined;
}

/** How long the check may take: a Mixpanel that is down must not keep the service from taking events. */
const withinMs = 10_000;

/**
 * Holds the schedule of one connection against the budget of the query API, with the cohorts' sizes as Mixpanel lists them now.
 *
 * Where Mixpanel may not be asked, since the queries of the hour are spent, the sizes of the last reads stand in for the list:
 * those that spend the budget have been read.
 *
 * @throws CohortError `schedule_impossible`, with the arithmetic. A list that can't be had otherwise is a warning: nothing is known then.
 */
export async function checkSchedule(
  polled: readonly Polled[],
  { queriesPerHour, logger, ...sizes }: CheckOptions,
): Promise<void> {
  if (polled.length === 0 || queriesPerHour === 0) return;
  const members = await sizesOf(polled, { logger, ...sizes });
  if (!members) return;
  const cohorts = polled.map(each => ({ ...each, members: members.get(each.id) ?? 0 }));
  const plan = planQueries(cohorts, queriesPerHour);
  if (!plan.possible) throw new CohortError({ code: 'schedule_impossible', detail: plan.sentence });
  logger.info(plan.sentence);
}

interface CheckOptions {
  readonly listed: ListedCohorts;
  readonly queriesPerHour: number;
  readonly logger: Logger;
}

async function sizesOf(
  polled: readonly Polled[],
  { listed, logger }: Omit<CheckOptions, 'queriesPerHour'>,
): Promise<Map<string, number> | undefined> {
  try {
    const stop = AbortSignal.timeout(withinMs);
    const mark = listed.mark();
    const known = new Map((await listed.get(stop)).map(({ id, count }) => [id, count]));
    // A cohort that was made since is in a list of this moment only.
    if (polled.every(({ id }) => known.has(id))) return known;
    return new Map((await listed.get(stop, {}, mark)).map(({ id, count }) => [id, count]));
  } catch (error) {
    if (!(error instanceof CohortError)) throw error;
    if (error.code === 'mixpanel_query_throttled')
      return new Map(polled.map(({ id, members = 0 }) => [id, members]));
    logger.warn(
      `The schedule of the cohorts could not be held against the query API's budget: ${error.message}`,
    );
    return undefined;
  }
}
