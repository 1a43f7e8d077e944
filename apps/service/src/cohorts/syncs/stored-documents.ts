/**
 * Stored documents of cohort syncs, as JSON with a `version`: records, entries of histories, and the state of
 * the query API.
 *
 * A document without a version has version 1, also a list. Fields that this release does not know are kept. A
 * document of a later version is refused: a release that misreads it could send the wrong members.
 */
import { z } from 'zod';
import { parseJson } from '../../vendor-http/exchange.ts';
import { CohortError } from '../cohort-error.ts';
import type { RunReport, SyncRecord } from './sync-record.ts';

/** The newest version that this release reads and writes. */
export const documentVersion = 1;

const moment = z.number();
const snapshot = z.looseObject({ run: z.number(), members: z.number() });

const version = z.int().optional();

const syncSchema = z.looseObject({
  version,
  id: z.string(),
  connection: z.string(),
  cohort: z.string(),
  mode: z.enum(['one-time', 'dynamic']),
  source: z.enum(['webhook', 'query']),
  sink: z.enum(['partner', 'track']),
  intervalMs: z.number().positive(),
  origin: z.enum(['config', 'api', 'webhook']),
  createdAt: moment,
  status: z.enum(['active', 'paused', 'done']),
  due: moment,
  failures: z.number(),
  withoutId: z.number(),
  state: z.looseObject({
    known: snapshot.optional(),
    applying: z
      .looseObject({ target: snapshot, resend: z.boolean(), refused: z.array(z.string()) })
      .optional(),
    waiting: z.looseObject({ target: snapshot, held: z.boolean() }).optional(),
    unknown: z.array(z.string()),
  }),
});

const reportSchema = z.looseObject({
  version,
  trigger: z.string(),
  startedAt: moment,
  finishedAt: moment,
  outcome: z.string(),
  added: z.number(),
  removed: z.number(),
  refused: z.number(),
  requests: z.number(),
});

/** Mixpanel's list of cohorts; `at` is before the query was sent. */
export const listSchema = z.object({
  at: moment,
  cohorts: z.array(z.object({ id: z.string(), name: z.string(), count: z.number() })),
});
/** Moments of the queries of the last hour. */
export const usesSchema = z.array(moment);
/** The queue of syncs that wait for a query. */
export const lineSchema = z.array(
  z.object({ sync: z.string(), need: z.number(), keeps: z.boolean().optional() }),
);

const schemas = {
  sync: syncSchema,
  run: reportSchema,
  'cohort-list': listSchema,
  queries: usesSchema,
  'queries-line': lineSchema,
};

/**
 * The key of a document in storage and in errors: of a sync, of a connection, or of a run of a sync,
 * `run:<number>:<sync>`.
 */
export const documentKey = (kind: keyof typeof schemas, owner: string): string => `${kind}:${owner}`;

/** @throws CohortError as `readDocument` */
export function checkDocument(key: string, text: string): void {
  const kind = key.slice(0, key.indexOf(':'));
  readDocument(schemas[kind as keyof typeof schemas] ?? z.unknown(), key, text);
}

/** The text of a document, as it is stored. */
export const documentText = (document: object): string =>
  JSON.stringify({ version: documentVersion, ...document });

/** The record of a sync. @throws CohortError as `readDocument` */
export const readSync = (key: string, text: string): SyncRecord =>
  withoutVersion(readDocument(syncSchema, key, text));

/** An entry of the history of `sync`. @throws CohortError as `readDocument` */
export const readReport = (sync: string, { id, text }: { id: number; text: string }): RunReport =>
  withoutVersion(readDocument(reportSchema, documentKey('run', `${id}:${sync}`), text));

/**
 * The document of any schema. `key` names it in the errors.
 *
 * @throws CohortError `cohort_document_newer`, `cohort_document_damaged`
 */
export function readDocument<Schema extends z.ZodType>(
  schema: Schema,
  key: string,
  text: string,
): z.output<Schema> {
  const document = parseJson(text);
  const stored = versioned.safeParse(document).data?.version ?? documentVersion;
  if (stored > documentVersion)
    throw new CohortError(
      'cohort_document_newer',
      `${key} has version ${stored}, and this release reads up to ${documentVersion}`,
    );
  const result = schema.safeParse(document);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const detail = `${key}: ${issue?.path.join('.') || 'the text'}: ${issue?.message}`;
  throw new CohortError('cohort_document_damaged', detail);
}

const versioned = z.object({ version: z.int() });

/**
 * The document as it is stored: the schema has the fields of every release, the type also those of some only.
 */
function withoutVersion<Document>({ version: _, ...rest }: { version?: number | undefined }): Document {
  return rest as Document;
}
