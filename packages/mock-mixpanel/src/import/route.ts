import { checkImportEvent, type FailedRecord, importLimits } from '@braze-mixpanel/core/mixpanel';
import type { RateLimits, Respond, Route, SimRequest } from '@braze-mixpanel/simulator-kit';
import { isAuthorized } from '../auth.ts';
import type { EventStore } from '../events/event-store.ts';
import type { Project, Settings } from '../project.ts';
import { sources } from '../sources.ts';
import { badRequest, imported, refused, throttled, tooLarge, unauthorized } from './answers.ts';
import { batchOf, rowsOf, unpack } from './read-batch.ts';

export interface ImportParts {
  readonly project: Project;
  readonly settings: () => Settings;
  readonly events: EventStore;
  readonly clock: { now(): number };
  readonly limits: RateLimits<'importBytes'>;
}

/** `POST /import`: server-side events. */
export function importRoute(parts: ImportParts): Route {
  return {
    id: 'import',
    method: 'POST',
    path: '/import',
    rules: [
      {
        rule: 'credentials first: service account with project_id, token or API secret as user, api_key=',
        source: sources.authentication,
      },
      {
        rule: 'JSON array or NDJSON, optionally gzip; a single object is a batch of one',
        source: sources.importApi,
      },
      { rule: 'over the byte limit once uncompressed: 413, nothing imported', source: sources.importApi },
      { rule: 'over 2,000 events: 413, nothing imported', source: sources.choice },
      {
        rule: '2 GB of uncompressed JSON in a rolling minute: 429 (off until asked for)',
        source: sources.rateLimits,
      },
      {
        rule: 'strict=1: 400 with failed_records (one per refused row), the valid rows are imported',
        source: sources.importApi,
      },
      { rule: 'strict=0: invalid rows are dropped silently, 200', source: sources.importApi },
      {
        rule: 'simplified identity: one $identify, $create_alias or $merge and nothing is imported',
        source: sources.simplifiedIdentity,
      },
      {
        rule: 'ip is not stored, $ignore drops, time ahead becomes now, strings are cut at 255',
        source: sources.importApi,
      },
    ],
    takesPartial: true,
    handle: request => importEvents(request, parts),
  };
}

/** In this order: credentials, encoding, size, rate, JSON, number of rows, identity, rows. */
async function importEvents(request: SimRequest, parts: ImportParts): Promise<Respond> {
  const settings = parts.settings();
  if (!isAuthorized(request, parts.project, 'ingestion')) return unauthorized();
  const batch = batchOf(request);
  if (typeof batch === 'string') return badRequest(batch, 'content encoding');
  const unpacked = await unpack(batch, settings.requestBytes);
  if (unpacked.kind === 'too-large') return tooLarge(`${settings.requestBytes} bytes`);
  if (unpacked.kind === 'unreadable') return badRequest(unpacked.why, 'content encoding');
  if (!parts.limits.take('importBytes', unpacked.bytes).allowed) return throttled();
  const rows = rowsOf(unpacked.text, batch.format);
  if (rows === undefined) return badRequest('request body is not a JSON array of events', 'JSON');
  if (rows.length > importLimits.eventsPerRequest) return tooLarge(`${importLimits.eventsPerRequest} events`);
  const objections = settings.simplifiedIdentity ? identityObjections(rows) : [];
  if (objections.length > 0) return refused(objections, 0);

  const receivedAt = parts.clock.now();
  const failed = failedRecords(rows, receivedAt, request.refused?.(rows.length));
  const bad = new Set(failed.map(({ index }) => index));
  parts.events.append(batch, rows, index => !bad.has(index), receivedAt);
  const count = rows.length - failed.length;
  return failed.length > 0 && request.query.get('strict') !== '0' ? refused(failed, count) : imported(count);
}

/** One record for each refused row, with the first objection to it; `chosen` rows are refused whatever they are. */
function failedRecords(
  rows: readonly unknown[],
  now: number,
  chosen: ReadonlySet<number> | undefined,
): FailedRecord[] {
  const failed: FailedRecord[] = [];
  for (const [index, row] of rows.entries()) {
    const [issue] = chosen?.has(index) ? [chosenIssue] : checkImportEvent(row, { now });
    if (issue !== undefined) failed.push({ index, insert_id: insertIdOf(row), ...issue });
  }
  return failed;
}

const chosenIssue = { field: 'event', message: "'event' was refused by a partial fault of the simulator" };

function insertIdOf(row: unknown): string {
  const { properties } = (row ?? {}) as { properties?: { $insert_id?: unknown } | null };
  return typeof properties?.$insert_id === 'string' ? properties.$insert_id : '';
}

const identityEvents: ReadonlySet<unknown> = new Set(['$identify', '$create_alias', '$merge']);

function identityObjections(rows: readonly unknown[]): string[] {
  return rows.flatMap((row, index) => {
    const { event } = (row ?? {}) as { event?: unknown };
    if (!identityEvents.has(event)) return [];
    return [`event ${index}: '${event}' is not supported in a project that uses Simplified ID Merge`];
  });
}
