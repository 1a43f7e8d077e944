import { controlRoute, type Route, respond, streamOfText } from '@braze-mixpanel/simulator-kit';
import type { Identities } from '../identity/identities.ts';
import { groupOf } from './group-id.ts';
import type { ProfileStore } from './profile-store.ts';

export interface ProfileParts {
  readonly profiles: ProfileStore;
  readonly groups: ProfileStore;
  readonly identities: Identities;
}

/**
 * `GET /_sim/profiles` (`?distinct_id=` for one user, whichever of the joined ids it is), `GET /_sim/groups` (`?group_key=`),
 * `GET /_sim/identities`: which distinct ids were joined, and which one stays.
 */
export function profileControlRoutes({ profiles, groups, identities }: ProfileParts): Route[] {
  const streamed = (text: Iterable<string>) =>
    respond(200, streamOfText(text), { headers: { 'content-type': 'application/json' } });
  return [
    controlRoute(
      'GET',
      'profiles',
      ({ query }) => {
        const distinctId = query.get('distinct_id');
        if (distinctId === null)
          return streamed(
            written(profiles.entries(), ([id, properties]) => ({ distinct_id: id, properties })),
          );
        const canonical = identities.canonical(distinctId);
        const properties = profiles.get(canonical);
        return respond(200, properties === undefined ? [] : [{ distinct_id: canonical, properties }]);
      },
      ['distinct_id'],
    ),
    controlRoute(
      'GET',
      'groups',
      ({ query }) => {
        const key = query.get('group_key');
        const all = Array.from(groups.entries(), ([id, properties]) => ({ ...groupOf(id), properties }));
        return respond(
          200,
          all.filter(({ group_key }) => key === null || group_key === key),
        );
      },
      ['group_key'],
    ),
    controlRoute('GET', 'identities', () => respond(200, identities.list())),
  ];
}

function* written<Item>(items: Iterable<Item>, shape: (item: Item) => unknown): Generator<string> {
  let opening = '[';
  for (const item of items) {
    yield opening + JSON.stringify(shape(item));
    opening = ',';
  }
  yield opening === '[' ? '[]' : ']';
}
