import { z } from 'zod';
import type { Trail } from '../audit/audit-logger.ts';
import {
  type AnyVerbRoute,
  type CohortApi,
  type CohortVerb,
  cohortVerbs,
  perform,
} from '../cohorts/index.ts';
import { type ApiRoute, apiRoute } from './api-route.ts';

/**
 * Refusals of every route: the replica that runs the syncs is unknown, unreachable or stopping, or the sync
 * is unknown.
 */
const everywhere = [
  ...(['sync_unknown', 'cohort_stopping', 'cohort_replica_away', 'cohort_storage'] as const),
  ...(['cohort_document_damaged', 'cohort_document_newer'] as const),
];

/** The routes of the cohort API. An ID is the cohort's in Mixpanel, or `<connection>:<cohort>`. */
export function cohortRoutes(cohorts: CohortApi, audit: Trail): ApiRoute[] {
  return (Object.keys(cohortVerbs) as CohortVerb[]).flatMap(verb => {
    const route: AnyVerbRoute | undefined = cohortVerbs[verb].route;
    return route === undefined ? [] : [routeOf(verb, route, cohorts, audit)];
  });
}

function routeOf(verb: CohortVerb, route: AnyVerbRoute, cohorts: CohortApi, audit: Trail): ApiRoute {
  const { args, as, audit: action, audited = [], bodyLimit = '10kb', ...declared } = route;
  const errors = [...everywhere, ...(route.errors ?? [])];
  const bounded = route.body && { bodyLimit };
  return apiRoute({ ...declared, ...bounded, errors }, async ({ id, query, body, response }) => {
    const result = await perform(cohorts, verb, args?.({ id, query, body }) ?? [id]);
    const noted = Object.entries(body ?? {}).filter(([name]) => audited.includes(name));
    if (action !== undefined)
      await audit(response, `cohort.${action}`, { id, ...idOf(result), ...Object.fromEntries(noted) });
    return as === undefined ? result : { [as]: result };
  });
}

/** The ID of a sync that a verb answered: a caller may have named the cohort alone. */
const idOf = (result: unknown) => syncId.safeParse(result).data;
const syncId = z.object({ id: z.string() });
