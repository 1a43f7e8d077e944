import { controlRoutes, documented, type Route, respond, withQuery } from '@braze-mixpanel/simulator-kit';
import { z } from 'zod';
import { backlogOf, readStatus } from './backlog.ts';
import { judgeCohorts } from './cohorts.ts';
import { countInBraze, countWritten, judgeEvents, type OracleWorld } from './events.ts';

const querySchema = z.strictObject({
  became: z.enum(['imported', 'skipped', 'dead-lettered', 'pending', 'not sent', 'lost']).optional(),
  right: z.enum(['true', 'false']).optional(),
  limit: z.coerce.number().int().min(1).max(100_000).default(1_000),
});

const answerSchema = z.object({
  right: z.boolean(),
  /** Number of judged events: the newest ones. */
  emitted: z.int(),
  /** Number of emitted events, with those that are too old to be judged. */
  emittedInAll: z.int(),
  exactlyOnce: z.int(),
  /** Events that storage Currents wrote to files. */
  writtenToFiles: z.int(),
  became: z.record(z.string(), z.int()),
  /** The events that wait in the service and in Braze, those that the service skipped so far, and what stops its delivery. */
  backlog: z.object({
    pending: z.int(),
    inBraze: z.int(),
    skipped: z.int(),
    stopped: z
      .object({
        cause: z.enum(['refused', 'failing', 'held']),
        since: z.string().nullable(),
        why: z.string().nullable(),
      })
      .nullable(),
  }),
  events: z.array(z.looseObject({ became: z.string(), right: z.boolean(), exactlyOnce: z.boolean() })),
  cohorts: z.array(
    z.looseObject({
      right: z.boolean().nullable(),
      why: z.string().nullable(),
      members: z.array(z.looseObject({ right: z.boolean() })),
    }),
  ),
});

/**
 * The route `GET /_sim/oracle` of the sandbox's mock Braze: the outcome of each emitted event and each cohort
 * member, and the reason. `?became=lost` filters the events, `?right=false` events and members; the counts
 * include all.
 */
export function oracleRoutes(world: () => OracleWorld): Route[] {
  return controlRoutes({
    'GET oracle': documented(
      'The outcome of each emitted event and each cohort member, and the reason.',
      { 200: answerSchema },
      withQuery(querySchema, '/_sim/oracle?right=false', async ({ became, right, limit }) => {
        const events = await judgeEvents(world());
        const cohorts = await judgeCohorts(world());
        const counts: Record<string, number> = {};
        for (const each of events) counts[each.became] = (counts[each.became] ?? 0) + 1;
        const isShown = (each: { right: boolean }) => right === undefined || String(each.right) === right;
        const shown = events.filter(
          each => (became === undefined || each.became === became) && isShown(each),
        );
        return respond(200, {
          right: events.every(each => each.right) && !cohorts.some(each => each.right === false),
          emitted: events.length,
          emittedInAll: world().ledger.total,
          exactlyOnce: events.filter(each => each.exactlyOnce).length,
          writtenToFiles: countWritten(world()),
          became: counts,
          backlog: { ...backlogOf(await readStatus(world().service)), inBraze: countInBraze(world()) },
          events: shown.slice(-limit),
          cohorts: cohorts.map(each => ({ ...each, members: each.members.filter(isShown) })),
        });
      }),
    ),
  });
}
