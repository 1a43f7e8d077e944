/**
 * Stored documents of syncs: their records and the entries of their history, as JSON with a `version`.
 *
 * A document without a version is of version 1. Fields that this release does not know are kept. A document of a later version is
 * refused: a release that misreads it could send the wrong members.
 */
import { z } from 'zod';
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

/** The text of a record or of an entry of a history, as it is stored. */
export const documentText = (document: SyncRecord | RunReport): string =>
  JSON.stringify({ version: documentVersion, ...document });

/** The record of a sync. @throws CohortError `cohort_document_newer`, `cohort_document_damaged` */
export const readSync = (key: string, text: string): SyncRecord => read<SyncRecord>(syncSchema, key, text);

/** An entry of a history. @throws CohortError as `readSync` */
export const readReport = (key: string, text: string): RunReport => read<RunReport>(reportSchema, key, text);

/** The document as it is stored: the schema holds what every release writes, the types also what only some have written. */
function read<Document>(schema: z.ZodType, key: string, text: string): Document {
  const document = parsed(text);
  const stored = versionOf(document);
  if (stored !== undefined && stored > documentVersion)
    throw new CohortError({
      code: 'cohort_document_newer',
      detail: `${key} has version ${stored}, and this release reads up to ${documentVersion}`,
    });
  const result = schema.safeParse(document);
  if (result.success) {
    const { version: _, ...rest } = result.data as { version?: number };
    return rest as Document;
  }
  const [issue] = result.error.issues;
  const detail = `${key}: ${issue?.path.join('.') || 'the text'}: ${issue?.message}`;
  throw new CohortError({ code: 'cohort_document_damaged', detail });
}

function versionOf(document: unknown): number | undefined {
  return z.object({ version: z.int() }).safeParse(document).data?.version;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
