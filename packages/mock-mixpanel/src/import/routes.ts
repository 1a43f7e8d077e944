import {
  checkImportEvent,
  type FailedRecord,
  type ImportCheck,
  importLimits,
} from '@braze-mixpanel/core/mixpanel';
import type { Respond, Route, SimRequest } from '@braze-mixpanel/simulator-kit';
import { isAuthorized } from '../access.ts';
import { identityIssue, isIdentityEvent } from '../identity/identity-events.ts';
import { readPayload } from '../ingestion/payload.ts';
import { takeClientEvents } from '../ingestion/routes.ts';
import type { MockMixpanelModel } from '../model.ts';
import { rulesFrom } from '../sources.ts';
import { badRequest, imported, refused, throttled, tooLarge, unauthorized } from './answers.ts';

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
      ...rulesFrom.simplifiedIdentity(
        'simplified identity: one $identify, $create_alias or $merge and nothing is imported',
      ),
      ...rulesFrom.identity('$identify, $create_alias and $merge need only their own properties'),
      ...rulesFrom.nesting.against(
        'importApi',
        'values nest up to 10 levels, not up to 3 (setting nestingDepth)',
      ),
      ...rulesFrom.importApi(
        'ip is not stored, $ignore drops, a time in the future becomes now',
        'strings are cut at 255 characters, never within one: the page of data types says bytes, two other pages characters; characters are followed',
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
  if (!isForm && !isAuthorized(request, model.project, 'ingestion')) return unauthorized();
  const payload = await readPayload(request, settings.requestBytes);
  const parameters = payload.kind === 'rows' ? payload.parameters : request.query;
  if (isForm && !isAuthorized(request, model.project, 'ingestion', parameters)) return unauthorized();
  if (payload.kind === 'too-large') return tooLarge(`${settings.requestBytes} bytes`);
  if (payload.kind === 'unreadable') return badRequest(payload.why, 'content encoding');
  if (payload.encoding === 'form') return takeClientEvents(request, payload, model, false);
  const { rows, bytes, batch } = payload;
  if (!model.limits.takeAll({ importBytes: bytes, importEvents: rows?.length ?? 0 })) return throttled();
  if (rows === undefined) return badRequest('request body is not a JSON array of events', 'JSON');
  if (rows.length > importLimits.eventsPerRequest) return tooLarge(`${importLimits.eventsPerRequest} events`);
  const objections = settings.simplifiedIdentity ? identityObjections(rows) : [];
  if (objections.length > 0) return refused(objections, 0);

  const receivedAt = model.clock.now();
  const check = { now: receivedAt, depth: settings.nestingDepth };
  const failed = failedRecords(rows, check, request.refused?.(rows.length));
  const bad = new Set(failed.map(({ index }) => index));
  model.events.append(batch, rows, index => !bad.has(index), receivedAt);
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
  return checkImportEvent(row, check)[0];
}

const chosenIssue = { field: 'event', message: "'event' was refused by a partial fault of the simulator" };

function insertIdOf(row: unknown): string {
  const { properties } = (row ?? {}) as { properties?: { $insert_id?: unknown } | null };
  return typeof properties?.$insert_id === 'string' ? properties.$insert_id : '';
}

function identityObjections(rows: readonly unknown[]): string[] {
  return rows.flatMap((row, index) => {
    const { event } = (row ?? {}) as { event?: unknown };
    if (!isIdentityEvent(event)) return [];
    return [`event ${index}: '${event}' is not supported in a project that uses Simplified ID Merge`];
  });
}
