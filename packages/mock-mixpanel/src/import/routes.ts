import {
  checkImportEvent,
  type FailedRecord,
  type ImportCheck,
  importLimits,
} from '@braze-mixpanel/core/mixpanel';
import { isRecord, type Respond, type Route, type SimRequest } from '@braze-mixpanel/simulator-kit';
import { isAuthorized } from '../access.ts';
import { isKept } from '../events/stored-event.ts';
import { identityIssue, isIdentityEvent } from '../identity/identity-events.ts';
import { mergeUsers } from '../identity/merge-users.ts';
import { refusedRecords } from '../identity/refused-records.ts';
import { missingDistinctId, userIdOf } from '../ingestion/missing-distinct-id.ts';
import { readPayload } from '../ingestion/payload.ts';
import { takeClientEvents } from '../ingestion/routes.ts';
import type { MockMixpanelModel } from '../model.ts';
import { forwardingEnd, isElsewhere } from '../project.ts';
import { rulesFrom } from '../sources.ts';
import { badRequest, imported, refused, throttled, tooLarge, unauthorized } from './answers.ts';
import { batchOfRows } from './read-batch.ts';

/** `POST /import`: server-side events; also `GET` and forms, as client libraries send them. */
export function importRoutes(model: MockMixpanelModel): Route[] {
  const route = {
    id: 'import',
    path: '/import',
    rules: [
      ...rulesFrom.authentication(
        'credentials first: service account with project_id, token or API secret as user, api_key=',
      ),
      ...rulesFrom.importApi('JSON array or NDJSON, optionally gzip; a single object is a batch of one'),
      ...rulesFrom.clients(
        'data= in the query or a form: answered like /track, and $insert_id may be missing',
      ),
      ...rulesFrom.projectSecret(
        'from 2027-03-03 on an API secret gets 401 (off until the setting retirements)',
      ),
      ...rulesFrom.choice(
        'a service account that has expired gets 401 (never until the setting serviceAccountExpires)',
      ),
      ...rulesFrom.euResidency(
        'an EU project on a US host: stored before 2026-07-01, lost after it (off until the setting retirements)',
      ),
      ...rulesFrom.choice(
        'an India project on a US host is treated as an EU project; the answer to lost events is 200',
      ),
      ...rulesFrom.unauthorizedPage("the host of another region than the project's: 401"),
      ...rulesFrom.choice(
        'the order of checks: credentials, encoding, size, rate, JSON, number, identity, events',
      ),
      ...rulesFrom.importApi('over the byte limit once uncompressed: 413, nothing imported'),
      ...rulesFrom.choice('over 2,000 events: 413, nothing imported'),
      ...rulesFrom.rateLimits(
        '2 GB of uncompressed JSON, or 1,800,000 events, in a rolling minute: 429 without Retry-After (off until enabled)',
      ),
      ...rulesFrom.importApi(
        'strict=1: 400 with failed_records (one per rejected row), the valid rows are imported',
        'strict=0: invalid rows are dropped silently, 200',
      ),
      ...rulesFrom.probedImports.against(
        'simplifiedIdentity',
        'simplified identity: one $identify, $create_alias or $merge and nothing is imported, with the observed text; they are not ignored',
      ),
      ...rulesFrom.identity.against(
        'probedImports',
        'simplified identity: failed_records are objects, not texts',
      ),
      ...rulesFrom.identity(
        '$identify, $create_alias and $merge need only their own properties, in forms too',
      ),
      ...rulesFrom.importApi.against(
        'importFields',
        'an event without distinct_id is accepted, and gets a hash of the address of the sender (here one for all)',
      ),
      ...rulesFrom.nesting.against(
        'importApi',
        'values nest up to 10 levels, not up to 3 (setting nestingDepth)',
      ),
      ...rulesFrom.hotShards(
        'over 200,000 events of one distinct_id and day: renamed to $hotshard_events, without distinct_id (off until the setting hotShardEvents)',
        'a renamed event is exported and counted under $hotshard_events, with mp_original_event_name and mp_original_distinct_id',
        'events that are sent again count again for hotShardEvents, so a duplicate can be renamed',
      ),
      ...rulesFrom.choice('hotShardEvents: the day is of UTC'),
      ...rulesFrom.importApi('ip is not stored, $ignore drops, a time in the future becomes now'),
      ...rulesFrom.importApi.against(
        'dataTypes',
        'strings are cut at 255 characters, not bytes, and never within a character',
      ),
      ...rulesFrom.migrationPage(
        'simplified identity: the distinct_id of an event is its $user_id, also in place of another one; without both, $device: and its $device_id',
      ),
    ],
    takesPartial: true,
    handle: (request: SimRequest) => importEvents(request, model),
  };
  return (['POST', 'GET'] as const).map(method => ({ ...route, method }));
}

/**
 * Checks in this order: credentials, encoding, size, rate, JSON, number of rows, identity, rows. A form may
 * contain its credentials.
 */
async function importEvents(request: SimRequest, model: MockMixpanelModel): Promise<Respond> {
  const settings = model.settings;
  const isForm = request.method === 'GET' || /urlencoded/i.test(request.headers['content-type'] ?? '');
  if (!isForm && !isAuthorized(request, model, 'ingestion')) return unauthorized();
  const payload = await readPayload(request, settings.requestBytes);
  const parameters = payload.kind === 'rows' ? payload.parameters : request.query;
  if (isForm && !isAuthorized(request, model, 'ingestion', parameters)) return unauthorized();
  if (payload.kind === 'too-large') return tooLarge(`${settings.requestBytes} bytes`);
  if (payload.kind === 'unreadable') return badRequest(payload.why, 'content encoding');
  const elsewhere = isElsewhere(request, model.project);
  if (payload.encoding === 'form' && elsewhere) return unauthorized();
  if (payload.encoding === 'form') return takeClientEvents(request, payload, model, false);
  const { rows, bytes, batch } = payload;
  if (!model.limits.takeAll({ importBytes: bytes, importEvents: rows?.length ?? 0 })) return throttled();
  if (rows === undefined) return badRequest('request body is not a JSON array of events', 'JSON');
  if (rows.length > importLimits.eventsPerRequest) return tooLarge(`${importLimits.eventsPerRequest} events`);
  const objections = settings.idManagement === 'simplified' ? refusedRecords(rows) : [];
  if (objections.length > 0) return refused(objections, 0);

  const receivedAt = model.clock.now();
  const check = { now: receivedAt, depth: settings.nestingDepth };
  const failed = failedRecords(rows, check, request.refused?.(rows.length));
  const bad = new Set(failed.map(({ index }) => index));
  const simplified = settings.idManagement === 'simplified';
  // `elsewhere` and still authorized: forwarded by a US host, as long as that lasted.
  if (elsewhere && receivedAt >= forwardingEnd) {
    // Nothing is stored, and the answer does not say so.
  } else if (rows.some(row => isIncomplete(row) || (simplified && isOfAnotherId(row)))) {
    const valid = rows.filter((_, index) => !bad.has(index)).map(row => complete(row, model));
    model.events.append(batchOfRows(valid), valid, () => true, receivedAt);
  } else model.events.append(batch, rows, index => !bad.has(index), receivedAt);
  const count = rows.length - failed.length;
  return failed.length > 0 && request.query.get('strict') !== '0' ? refused(failed, count) : imported(count);
}

/** One record for each rejected row, with its first error; `chosen` rows are rejected in any case. */
function failedRecords(
  rows: readonly unknown[],
  check: ImportCheck & { readonly now: number },
  chosen: ReadonlySet<number> | undefined,
): FailedRecord[] {
  const failed: FailedRecord[] = [];
  for (const [index, row] of rows.entries()) {
    const issue = chosen?.has(index) ? chosenIssue : issueOf(row, check);
    if (issue !== undefined) failed.push({ index, insert_id: insertIdOf(row), ...issue });
  }
  return failed;
}

function issueOf(row: unknown, check: ImportCheck & { readonly now: number }) {
  const { event, properties } = (row ?? {}) as { event?: unknown; properties?: unknown };
  if (isIdentityEvent(event) && typeof properties === 'object' && properties !== null)
    return identityIssue(event, properties as Record<string, unknown>, check.now);
  if (!isIncomplete(row)) return checkImportEvent(row, check)[0];
  return checkImportEvent({ event, properties: { ...(properties as object), distinct_id: '' } }, check)[0];
}

/** Whether Mixpanel adds to a row: to an identity event, or a `distinct_id` to an event without one. */
function isIncomplete(row: unknown): boolean {
  const { event, properties } = (row ?? {}) as { event?: unknown; properties?: unknown };
  return isIdentityEvent(event) || (isRecord(properties) && properties.distinct_id === undefined);
}

/** Whether the `distinct_id` of a row is not its `$user_id`, which replaces it on simplified identity. */
function isOfAnotherId(row: unknown): boolean {
  const { properties } = (row ?? {}) as { properties?: unknown };
  if (!isRecord(properties)) return false;
  const userId = userIdOf(properties);
  return userId !== undefined && userId !== properties.distinct_id;
}

/** The stored form of a valid row; an identity event takes effect. */
function complete(row: unknown, model: MockMixpanelModel): unknown {
  if (!isKept(row)) return row;
  if (isIdentityEvent(row.event)) return mergeUsers(row, model);
  const { event, properties } = row;
  const simplified = model.settings.idManagement === 'simplified';
  const distinct_id = missingDistinctId(properties, { simplified, hashesAddress: true });
  const of = simplified ? userIdOf(properties) : undefined;
  return { event, properties: { distinct_id, ...properties, ...(of !== undefined && { distinct_id: of }) } };
}

const chosenIssue = { field: 'event', message: "'event' was refused by a partial fault of the simulator" };

function insertIdOf(row: unknown): string {
  const { properties } = (row ?? {}) as { properties?: { $insert_id?: unknown } | null };
  return typeof properties?.$insert_id === 'string' ? properties.$insert_id : '';
}
