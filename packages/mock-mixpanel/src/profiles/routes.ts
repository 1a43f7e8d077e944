import { importLimits } from '@braze-mixpanel/core/mixpanel';
import type { Respond, Route, SimRequest } from '@braze-mixpanel/simulator-kit';
import { openToPages, pageRules } from '../browser/cross-origin.ts';
import { tooLarge } from '../import/answers.ts';
import { readPayload } from '../ingestion/payload.ts';
import { type Objection, unreadable, verdictAnswer } from '../ingestion/verdict.ts';
import type { MockMixpanelModel } from '../model.ts';
import { isElsewhere } from '../project.ts';
import { rulesFrom } from '../sources.ts';
import { type ProfileKind, type ProfileUpdate, readUpdate } from './read-update.ts';

/** `GET|POST /engage` and `/groups`: updates of the profiles of users and groups. */
export function profileRoutes(model: MockMixpanelModel): Route[] {
  const shared = [
    ...rulesFrom.clients('data= (JSON or Base64) in the query or a form, or a JSON body; gzip'),
    ...rulesFrom.profiles('1 or 0; verbose=1 and strict=1 change the form'),
    ...rulesFrom.profiles.against(
      'identity',
      '1 when one object or more is valid, and these are applied; 0 when none is, not as soon as one is invalid',
    ),
    ...rulesFrom.bulkScripts('verbose=2 is answered as verbose=1'),
    ...rulesFrom.clients('strict=1 counts num_good_events'),
    ...rulesFrom.choice(
      'errors: first the token, then the ids, then the values of operations; their texts',
      'an operation that no document names, such as $nope: ignored beside others, refused alone',
    ),
    ...rulesFrom.liveAnswers("a token that is no project's: answered 1, nothing is stored"),
    ...rulesFrom.profiles('over 2,000 objects, or over the byte limit: 413, nothing is stored'),
    ...pageRules,
  ];
  const operations = '$set, $set_once, $add, $append, $union, $remove, $unset, $delete';
  const engage = {
    id: 'engage-update',
    path: '/engage',
    ...openToPages,
    rules: [
      ...rulesFrom.profiles(
        operations,
        '$last_seen is the time of the update, unless $ignore_time',
        '$ignore_alias uses the id as given',
      ),
      ...shared,
    ],
    handle: (request: SimRequest) => update(request, 'user', model),
  };
  const groups = {
    id: 'groups-update',
    path: '/groups',
    ...openToPages,
    rules: [...rulesFrom.groups(`${operations}, by $group_key and $group_id`), ...shared],
    handle: (request: SimRequest) => update(request, 'group', model),
  };
  return [engage, groups].flatMap(route => (['GET', 'POST'] as const).map(method => ({ ...route, method })));
}

async function update(request: SimRequest, kind: ProfileKind, model: MockMixpanelModel): Promise<Respond> {
  const { requestBytes } = model.settings;
  const payload = await readPayload(request, requestBytes);
  if (payload.kind === 'too-large') return tooLarge(`${requestBytes} bytes`);
  if (payload.kind === 'unreadable') return unreadable(request.query, payload.why, 'content encoding');
  const { parameters, rows = [] } = payload;
  if (rows.length === 0) return unreadable(parameters, 'data, missing or empty', 'data');
  if (rows.length > importLimits.eventsPerRequest)
    return tooLarge(`${importLimits.eventsPerRequest} objects`);
  const failed: Objection[] = [];
  let unknown = 0;
  for (const [index, row] of rows.entries()) {
    const read = readUpdate(row, index, kind);
    if (!('change' in read)) failed.push(read);
    else if (read.token !== model.project.token || isElsewhere(request, model.project)) unknown++;
    else apply(read, kind, model);
  }
  const rule =
    unknown > 0 ? 'no such token: nothing is stored' : failed.length > 0 ? 'failed objects' : 'taken';
  return verdictAnswer(parameters, { taken: rows.length - failed.length, failed, rule });
}

function apply(
  { id, change, ignoresTime, ignoresAlias }: ProfileUpdate,
  kind: ProfileKind,
  { profiles, groups, identities, clock }: MockMixpanelModel,
): void {
  if (kind === 'group') {
    groups.change(id, change);
    return;
  }
  const $last_seen = new Date(clock.now()).toISOString().slice(0, 19);
  const seen = change.$delete || ignoresTime ? change : { ...change, $set: { $last_seen, ...change.$set } };
  profiles.change(ignoresAlias ? id : identities.canonical(id), seen);
}
