import { lookupTableLimits } from '@braze-mixpanel/core/mixpanel';
import { type Respond, type Route, respond, type SimRequest } from '@braze-mixpanel/simulator-kit';
import { accessOf, isAuthorized } from '../access.ts';
import { throttled, tooLarge, unauthorized } from '../import/answers.ts';
import { batchOf, unpack } from '../import/read-batch.ts';
import type { MockMixpanelModel } from '../model.ts';
import { rulesFrom } from '../sources.ts';
import { type FailedRow, readTable } from './read-table.ts';

/** The Lookup Tables API: lists tables, and replaces the content of one that was created in Mixpanel's interface. */
export function lookupTableRoutes(model: MockMixpanelModel): Route[] {
  return [
    {
      id: 'lookup-tables',
      method: 'GET',
      path: '/lookup-tables',
      rules: [
        ...rulesFrom.lookupSpec(
          'lists the id and name of every lookup table',
          'a service account with project_id; the API secret lists no lookup tables',
        ),
      ],
      handle: request => listTables(request, model),
    },
    {
      id: 'lookup-table-replace',
      method: 'PUT',
      path: '/lookup-tables/:id',
      rules: [
        ...rulesFrom.lookupSpec(
          'a service account with project_id, or the API secret',
          'an id that was not created in the interface: 404 Lookup table with id … was not found.',
        ),
        ...rulesFrom.lookupPage(
          'replaces the whole table, or nothing of it',
          'CSV (RFC 4180), also compressed with gzip: unique names in the first row, unique join keys in the first column',
          'at most the first ten failed rows are named',
          'over 100 MB uncompressed: 413',
          'over 100 replacements in a rolling day: 429 (off until enabled)',
        ),
        ...rulesFrom.lookupSpec.against(
          'lookupPage',
          'a table that fails validation: 400 with code 400 and a status text, not status 0',
        ),
        ...rulesFrom.lookupGuide('at least two columns; no join key is blank'),
        ...rulesFrom.choice(
          'over 5 million rows in the project: 400, nothing is replaced',
          'a table without rows below its header is accepted; row 0 of failed_records is the header; Content-Type is not checked',
          'the order of checks of a table: credentials, id, rate, encoding, size, rows',
        ),
      ],
      handle: request => replaceTable(request, model),
    },
  ];
}

function listTables(request: SimRequest, model: MockMixpanelModel): Respond {
  const { lookupTables, project } = model;
  const isOwn = request.query.get('project_id') === project.id;
  if (!isOwn || accessOf(request, model) !== 'granted') return unauthorized();
  const results = lookupTables.list().map(({ id, name }) => ({ id, name }));
  return respond(200, { code: 200, status: 'OK', results }, { rule: 'listed' });
}

async function replaceTable(request: SimRequest, model: MockMixpanelModel): Promise<Respond> {
  const { lookupTables, limits, clock } = model;
  if (!isAuthorized(request, model, 'query')) return unauthorized();
  const { id = '' } = request.params;
  const table = lookupTables.get(id);
  if (table === undefined) return notFound(id);
  if (!limits.take('lookupTableReplacements').allowed) return throttled();
  const batch = batchOf(request);
  if (typeof batch === 'string') return badTable(batch);
  const unpacked = await unpack(batch, lookupTableLimits.bytes);
  if (unpacked.kind === 'too-large') return tooLarge(`${lookupTableLimits.bytes} bytes`);
  if (unpacked.kind === 'unreadable') return badTable(unpacked.why);
  const read = readTable(unpacked.text);
  if ('failed' in read) return badTable('Some data points in the request failed validation.', read.failed);
  const total = read.rows + lookupTables.rowsBeside(id);
  if (total > lookupTableLimits.rowsOfProject)
    return badTable(
      `the lookup tables of a project have at most ${lookupTableLimits.rowsOfProject} rows, not ${total}`,
    );
  const { body, gzip } = batch;
  lookupTables.put({ ...table, ...read, body, gzip, bytes: unpacked.bytes, replacedAt: clock.now() });
  return respond(200, { code: 200, status: 'OK' }, { rule: 'replaced' });
}

function badTable(error: string, failed: readonly FailedRow[] = []): Respond {
  const body = { code: 400, error, failed_records: failed, status: 'Bad Request' };
  return respond(400, body, { rule: 'invalid table' });
}

function notFound(id: string): Respond {
  const body = { code: 404, error: `Lookup table with id '${id}' was not found.`, status: 'Not Found' };
  return respond(404, body, { rule: 'no such table' });
}
