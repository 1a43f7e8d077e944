import { importLimits } from '@braze-mixpanel/core/mixpanel';
import type { Respond, Route, SimRequest } from '@braze-mixpanel/simulator-kit';
import { openToPages, pageRules } from '../browser/cross-origin.ts';
import type { StoredEvent } from '../events/stored-event.ts';
import { isIdentityEvent } from '../identity/identity-events.ts';
import { mergeUsers } from '../identity/merge-users.ts';
import { refusedRecords } from '../identity/refused-records.ts';
import { throttled, tooLarge } from '../import/answers.ts';
import { batchOfRows } from '../import/read-batch.ts';
import type { MockMixpanelModel } from '../model.ts';
import { isElsewhere } from '../project.ts';
import { rulesFrom } from '../sources.ts';
import { type Payload, readPayload } from './payload.ts';
import { settleClientEvent } from './settle-client-event.ts';
import { type Objection, unreadable, verdictAnswer } from './verdict.ts';

/** `GET|POST /track`: events of clients, with the token in each. */
export function trackRoutes(model: MockMixpanelModel): Route[] {
  const route = {
    id: 'track',
    path: '/track',
    ...openToPages,
    rules: [
      ...rulesFrom.clients('data= (JSON or Base64) in the query or a form, or a JSON body; gzip'),
      ...rulesFrom.trackApi('1 or 0; verbose=1, strict=1, img=1 and callback= change the form'),
      ...rulesFrom.bulkScripts('verbose=2 is answered as verbose=1'),
      ...rulesFrom.liveAnswers(
        'each event has the token; without one: token, missing or empty',
        "a token that is no project's: answered 1, nothing is stored",
      ),
      ...rulesFrom.trackApi('events older than five days are rejected'),
      ...rulesFrom.liveAnswers('nothing readable: data, missing or empty'),
      ...rulesFrom.trackApi.against(
        'identity',
        '1 when one event or more is valid, and these are stored; 0 when none is, not as soon as one is invalid',
      ),
      ...rulesFrom.choice(
        'errors without a documented text use those of /import, for example for an old event',
        'token is not stored as a property',
      ),
      ...rulesFrom.trackApi(
        'over 2,000 events, or over the byte limit: 413, nothing is stored',
        'time, distinct_id and $insert_id may be missing: added',
        'a missing distinct_id is empty; with ip=1 it is a hash of the address of the sender (here one for all)',
      ),
      ...rulesFrom.mergeApi('$merge is not accepted'),
      ...rulesFrom.migrationPage('simplified identity: $identify, $create_alias and $merge are ignored'),
      ...rulesFrom.liveAnswers(
        'simplified identity: $identify without distinct_id: distinct_id, missing or empty',
      ),
      ...rulesFrom.rateLimits('the rate limits are shared with /import'),
      ...pageRules,
      ...rulesFrom.browserClient('Base64 with surrogate halves of three bytes each (CESU-8): one character'),
    ],
    handle: (request: SimRequest) => track(request, model),
  };
  return (['GET', 'POST'] as const).map(method => ({ ...route, method }));
}

async function track(request: SimRequest, model: MockMixpanelModel): Promise<Respond> {
  const { requestBytes } = model.settings;
  const payload = await readPayload(request, requestBytes);
  if (payload.kind === 'too-large') return tooLarge(`${requestBytes} bytes`);
  if (payload.kind === 'unreadable') return unreadable(request.query, payload.why, 'content encoding');
  return takeClientEvents(request, payload, model, true);
}

/**
 * Checks in this order: rate, JSON, number of events, each event. The valid events are stored even if others
 * are invalid.
 *
 * @param payload of `/track`, or of an authorized `/import` in the form of client libraries.
 */
export function takeClientEvents(
  request: SimRequest,
  payload: Extract<Payload, { kind: 'rows' }>,
  model: MockMixpanelModel,
  isTrack: boolean,
): Respond {
  const { parameters, rows = [], bytes } = payload;
  const { project, limits, events, clock, newInsertId } = model;
  if (!limits.takeAll({ importBytes: bytes, importEvents: rows.length })) return throttled();
  if (rows.length === 0) return unreadable(parameters, 'data, missing or empty', 'data');
  if (rows.length > importLimits.eventsPerRequest) return tooLarge(`${importLimits.eventsPerRequest} events`);
  const { nestingDepth: depth, idManagement } = model.settings;
  const simplified = idManagement === 'simplified';
  const refused = simplified && !isTrack ? refusedRecords(rows) : [];
  if (refused.length > 0)
    return verdictAnswer(
      parameters,
      { taken: 0, failed: refused, rule: 'identity events' },
      'num_records_imported',
    );
  const hashesAddress = !isTrack || parameters.get('ip') === '1';
  const rules = { now: clock.now(), track: isTrack, depth, simplified, hashesAddress, newInsertId };
  const stored: StoredEvent[] = [];
  const failed: Objection[] = [];
  let unknown = 0;
  for (const [index, row] of rows.entries()) {
    const settled = settleClientEvent(row, index, rules);
    if (!('event' in settled)) failed.push(settled);
    else if (isTrack && (settled.token !== project.token || isElsewhere(request, project))) unknown++;
    else if (!simplified || !isIdentityEvent(settled.event.event))
      stored.push(mergeUsers(settled.event, model));
  }
  events.append(batchOfRows(stored), stored, () => true, rules.now);
  const taken = rows.length - failed.length;
  const rule =
    unknown > 0 ? 'no such token: nothing is stored' : failed.length > 0 ? 'failed events' : 'taken';
  return verdictAnswer(parameters, { taken, failed, rule }, 'num_records_imported');
}
