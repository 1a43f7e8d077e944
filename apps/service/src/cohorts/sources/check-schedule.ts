import { planQueries } from '@braze-mixpanel/core/cohorts';
import type { Logger } from 'pino';
import { CohortError } from '../cohort-error.ts';
import type { ListedCohorts } from './listed-cohorts.ts';

/** A dynamic cohort that is read through the query API. */
export interface Polled {
  readonly id: string;
  readonly intervalMs: number;
  /** As of the last read, if there was one. */
  readonly members?: number | undefined;
}

/** Time-out of the check: an unavailable Mixpanel must not keep the service from accepting events. */
const withinMs = 10_000;

/**
 * Checks the schedule of one connection against the budget of the query API, with the present sizes of its
 * cohorts in Mixpanel.
 *
 * If the queries of the hour are spent, so that Mixpanel cannot be queried, the sizes of the last reads are
 * used instead of the list: cohorts that spend the budget have been read.
 *
 * @throws CohortError `schedule_impossible`, with the arithmetic. Any other failure to read the list is a
 *   warning: the sizes are unknown then.
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
  if (!plan.possible) throw new CohortError('schedule_impossible', plan.sentence);
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
    // A cohort that was created since is only in a present list.
    if (polled.every(({ id }) => known.has(id))) return known;
    return new Map((await listed.get(stop, {}, mark)).map(({ id, count }) => [id, count]));
  } catch (error) {
    if (!(error instanceof CohortError)) throw error;
    if (error.code === 'mixpanel_query_throttled')
      return new Map(polled.map(({ id, members = 0 }) => [id, members]));
    logger.warn(`The cohort schedules could not be checked against the query budget: ${error.message}`);
    return undefined;
  }
}
