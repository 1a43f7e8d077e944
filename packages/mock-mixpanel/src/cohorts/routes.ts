import { type Respond, type Route, respond, type SimRequest } from '@braze-mixpanel/simulator-kit';
import type { MockMixpanelModel } from '../model.ts';
import { rulesFrom } from '../sources.ts';
import type { Cohort, Properties, Users } from './cohort-store.ts';
import { type EngageQuery, readEngageQuery } from './engage-query.ts';
import { createQueryGate, queryError, queryLimitRules } from './query-gate.ts';

/**
 * The cohort-related part of the query API. `GET` and `POST`, `/api/query/…` and `/api/2.0/…` are the same.
 */
export function cohortRoutes(model: MockMixpanelModel): Route[] {
  const gate = createQueryGate('query', model);
  const list = {
    rules: [...rulesFrom.cohortList('lists every cohort with its count'), ...queryLimitRules()],
    handle: (request: SimRequest) =>
      gate(request, () =>
        respond(
          200,
          model.cohorts.list().map(cohort => listed(cohort, model.project.id)),
        ),
      ),
  };
  const engage = {
    rules: [
      ...rulesFrom.engage(
        'filter_by_cohort={"id":…}, distinct_id, distinct_ids=[…], output_properties=[…], include_all_users',
        'a session is a snapshot; page > 0 needs its session_id',
      ),
      ...rulesFrom.engage('POST: parameters in a form'),
      ...rulesFrom.choice(
        'a body that is no form, such as JSON or multipart, is refused with 400, since no parameter of it would be evaluated',
      ),
      ...rulesFrom.queryClient('the last page is the one with fewer results than page_size'),
      ...queryLimitRules(),
    ],
    handle: (request: SimRequest) => gate(request, () => answerPage(request, model)),
  };
  const methods = ['GET', 'POST'] as const;
  return methods.flatMap(method => [
    { id: 'cohorts-list', method, path: '/api/query/cohorts/list', ...list },
    { id: 'cohorts-list', method, path: '/api/2.0/cohorts/list', ...list },
    { id: 'engage', method, path: '/api/query/engage', ...engage },
    { id: 'engage', method, path: '/api/2.0/engage', ...engage },
  ]);
}

function listed({ id, name, description, createdAt, members }: Cohort, projectId: string) {
  return {
    count: members.size,
    is_visible: 1,
    description,
    created: new Date(createdAt).toISOString().slice(0, 19).replace('T', ' '),
    project_id: Number(projectId),
    id,
    name,
  };
}

async function answerPage(request: SimRequest, model: MockMixpanelModel): Promise<Respond> {
  const query = await readEngageQuery(request, model.settings.requestBytes);
  if (typeof query === 'string') return queryError(request, 400, query, 'engage query');
  const session =
    query.sessionId === undefined ? openSession(query, model) : resumeSession(query.sessionId, model);
  if (typeof session === 'string') return queryError(request, 400, session, 'engage session');

  const { pageSize } = model.settings;
  const { distinctIds, profiles } = session.users;
  const start = query.page * pageSize;
  const results = distinctIds.slice(start, start + pageSize).map(($distinct_id, index) => ({
    $distinct_id,
    $properties: narrowed(profiles[start + index], query.outputProperties),
  }));
  return respond(200, {
    page: query.page,
    page_size: pageSize,
    results,
    session_id: session.id,
    status: 'ok',
    total: distinctIds.length,
  });
}

interface Session {
  readonly id: string;
  readonly users: Users;
}

function openSession(query: EngageQuery, model: MockMixpanelModel): Session | string {
  const { cohorts, sessions, clock, identities } = model;
  if (query.page > 0) return 'session_id is required for a page after the first';
  const cohort = query.cohortId === undefined ? undefined : cohorts.get(query.cohortId);
  if (query.cohortId !== undefined && cohort === undefined) return `cohort ${query.cohortId} does not exist`;
  const wanted = query.distinctIds && new Set(query.distinctIds.map(id => identities.canonical(id)));
  const members = chosen(cohorts.users(cohort), id => wanted?.has(id) ?? true);
  const users = query.includeAllUsers ? members : chosen(members, (_, profile) => profile !== undefined);
  return { id: sessions.open(users, clock.now()), users };
}

function resumeSession(id: string, { sessions }: MockMixpanelModel): Session | string {
  const users = sessions.get(id);
  return users === undefined ? 'session_id is unknown or has expired' : { id, users };
}

function chosen(
  { distinctIds, profiles }: Users,
  isWanted: (distinctId: string, profile: Properties | undefined) => boolean,
): Users {
  const wanted = distinctIds.map((id, index) => isWanted(id, profiles[index]));
  return {
    distinctIds: distinctIds.filter((_, index) => wanted[index]),
    profiles: profiles.filter((_, index) => wanted[index]),
  };
}

function narrowed(profile: Properties = {}, names: readonly string[] | undefined): Properties {
  if (names === undefined) return profile;
  return Object.fromEntries(
    names.filter(name => Object.hasOwn(profile, name)).map(name => [name, profile[name]]),
  );
}
