import { faultSentences, type InputFault } from '@braze-mixpanel/core/input';
import { type LexiconEntry, lexiconEntrySchema, lexiconLimits } from '@braze-mixpanel/core/mixpanel';
import { type Respond, type Route, respond, type SimRequest } from '@braze-mixpanel/simulator-kit';
import * as z from 'zod';
import { applicationError, applicationRoutes, checkBody } from '../application-api.ts';
import type { MockMixpanelModel } from '../model.ts';
import { rulesFrom } from '../sources.ts';
import { refusalOf, updatable } from './schema-gate.ts';

const uploadSchema = z.strictObject({
  entries: z.array(lexiconEntrySchema),
  truncate: z.boolean().default(false),
});

const all = '/api/app/projects/:projectId/schemas';
const ofType = `${all}/:entityType`;
const ofName = `${ofType}/:name`;

/** The Lexicon Schemas API: `/api/app/projects/:projectId/schemas`. */
export function lexiconRoutes(model: MockMixpanelModel): Route[] {
  const shared = [
    ...rulesFrom.schemasAccess('a service account, as HTTP Basic; no project secret, no token'),
    ...rulesFrom.schemas('401 and 403: {"error":…,"status":"error"}'),
    ...rulesFrom.schemaLimits('5 requests in a minute (off until enabled)'),
    ...rulesFrom.choice(
      'another project in the path: 403',
      'the texts of errors; 429 has no Retry-After; it counts for the project, not for its organization',
    ),
  ];
  const route = applicationRoutes(shared, request => refusalOf(model, request));

  const reading = rulesFrom.schemas(
    'lists entries as {results, status}, of every kind, of one, or by entity_name',
    'one entry by kind and name: its schema alone',
  );
  const noEntry = rulesFrom.choice('no entry of this name: 404');
  const list = (request: SimRequest) =>
    respond(200, { results: entriesOf(request, model), status: 'ok' }, { rule: 'listed' });
  const uploading = [
    ...rulesFrom.schemasUpload(
      'adds entries, or replaces those of the same name, except for metadata that the upload lacks',
    ),
    ...rulesFrom.schemas(
      'truncate: deletes every entry first',
      'answers the numbers of added and deleted entries; an upload of one entry answers the status alone',
      'unknown fields of an entry or of its metadata, and unknown types, are refused',
    ),
    ...rulesFrom.schemas.against(
      'schemasOverview',
      'further keywords of JSON Schema, such as examples, are accepted in a property',
    ),
    ...rulesFrom.schemaLimits('4,000 events and properties updated in a minute (off until enabled)'),
    ...rulesFrom.choice('an invalid entry: 400, nothing of the request is stored'),
  ];
  const deleting = [
    ...rulesFrom.schemas('deletes all entries, those of one kind, or one; answers delete_count'),
    ...rulesFrom.schemaLimits('3,000 deletions in a request'),
    ...rulesFrom.choice('more deletions: 400, nothing is deleted'),
  ];
  return [
    route('schemas', 'GET', all, reading, list),
    route('schemas', 'GET', ofType, reading, list),
    route('schemas', 'GET', ofName, [...reading, ...noEntry], request => {
      const [entry] = entriesOf(request, model);
      return entry === undefined
        ? applicationError(404, 'Schema not found', 'no such schema')
        : respond(200, entry.schemaJson, { rule: 'found' });
    }),
    route('schemas-upload', 'POST', all, uploading, request => {
      const upload = checkBody(uploadSchema, request);
      if (!upload.success) return invalid(upload.faults);
      const { entries, truncate } = upload.data;
      const replaced = truncate ? model.schemas.list() : [];
      const refused = tooManyDeletions(replaced) ?? updatable(model, entries);
      if (refused !== undefined) return refused;
      model.schemas.delete(replaced);
      for (const entry of entries) model.schemas.put(entry);
      const results = { added: entries.length, deleted: replaced.length };
      return respond(200, { results, status: 'ok' }, { rule: 'uploaded' });
    }),
    route('schemas-upload', 'POST', ofName, uploading, request => {
      const { entityType, name } = request.params;
      const entry = checkBody(lexiconEntrySchema, request, schemaJson => ({ entityType, name, schemaJson }));
      if (!entry.success) return invalid(entry.faults);
      const refused = updatable(model, [entry.data]);
      if (refused !== undefined) return refused;
      model.schemas.put(entry.data);
      return respond(200, { status: 'ok' }, { rule: 'uploaded' });
    }),
    ...[all, ofType, ofName].map(path =>
      route('schemas-delete', 'DELETE', path, deleting, request => {
        const entries = entriesOf(request, model);
        const refused = tooManyDeletions(entries);
        if (refused !== undefined) return refused;
        model.schemas.delete(entries);
        return respond(200, { results: { delete_count: entries.length }, status: 'ok' }, { rule: 'deleted' });
      }),
    ),
  ];
}

const entriesOf = ({ params, query }: SimRequest, { schemas }: MockMixpanelModel): LexiconEntry[] =>
  schemas.list(params.entityType, params.name ?? query.get('entity_name') ?? undefined);

function invalid(faults: readonly InputFault[]): Respond {
  return applicationError(400, faultSentences(faults, 'The body'), 'invalid schema');
}

function tooManyDeletions(entries: readonly LexiconEntry[]): Respond | undefined {
  const { deletionsPerRequest: most } = lexiconLimits;
  return entries.length > most
    ? applicationError(400, `${entries.length} deletions; at most ${most} in a request`, 'too many deletions')
    : undefined;
}
