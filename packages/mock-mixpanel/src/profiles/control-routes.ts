import { controlRoutes, documented, jsonList, respond } from '@braze-mixpanel/simulator-kit';
import * as z from 'zod';
import type { MockMixpanelModel } from '../model.ts';
import { groupOf } from './group-id.ts';

const properties = z.record(z.string(), z.unknown());

/**
 * The routes `GET /_sim/profiles` (`?distinct_id=` for one user, by any of the merged IDs), `GET
 * /_sim/groups` (`?group_key=`) and `GET /_sim/identities` (merged distinct IDs with their canonical one).
 */
export function profileControlRoutes({ profiles, groups, identities }: MockMixpanelModel) {
  return controlRoutes({
    'GET profiles': documented(
      'The profiles of users.',
      { 200: z.array(z.object({ distinct_id: z.string(), properties })) },
      {
        query: ['distinct_id'],
        handle: ({ query }) => {
          const distinctId = query.get('distinct_id');
          if (distinctId === null)
            return jsonList(
              profiles.entries().map(([distinct_id, properties]) => ({ distinct_id, properties })),
            );
          const canonical = identities.canonical(distinctId);
          const properties = profiles.get(canonical);
          return respond(200, properties === undefined ? [] : [{ distinct_id: canonical, properties }]);
        },
      },
    ),
    'GET groups': documented(
      'The profiles of groups.',
      { 200: z.array(z.object({ group_key: z.string(), group_id: z.string(), properties })) },
      {
        query: ['group_key'],
        handle: ({ query }) => {
          const key = query.get('group_key');
          const all = groups.entries().map(([id, properties]) => ({ ...groupOf(id), properties }));
          return respond(200, [...all.filter(({ group_key }) => key === null || group_key === key)]);
        },
      },
    ),
    'GET identities': documented(
      'The merged distinct IDs, with the canonical one of each.',
      { 200: z.array(z.object({ distinct_id: z.string(), canonical: z.string() })) },
      () => respond(200, identities.list()),
    ),
  });
}
