import type { SimRequest } from '@braze-mixpanel/simulator-kit';
import * as z from 'zod';
import { batchOf, unpack } from '../import/read-batch.ts';
import { jsonParameter } from '../json-parameter.ts';
import { notEvaluated } from '../not-evaluated.ts';

/** A parsed request to `/engage`. */
export interface EngageQuery {
  readonly cohortId: number | undefined;
  /** Any of a user's merged IDs; `undefined` for all users. */
  readonly distinctIds: readonly string[] | undefined;
  /** `undefined` for all properties. */
  readonly outputProperties: readonly string[] | undefined;
  readonly sessionId: string | undefined;
  /** Page number, from 0. */
  readonly page: number;
  /** Whether the results include members without a profile. */
  readonly includeAllUsers: boolean;
}

/** Filters of the real API that would change the result and are not simulated. */
export const notSimulatedInEngage = ['where', 'data_group_id', 'behaviors', 'as_of_timestamp'];

const wholePage = 'page must be a whole number';
const querySchema = z.object({
  filter_by_cohort: jsonParameter(
    z.object({ id: z.coerce.number().int().positive() }),
    'filter_by_cohort must be JSON such as {"id":12345}',
  ).optional(),
  output_properties: jsonParameter(
    z.array(z.string()),
    'output_properties must be a JSON array of property names',
  ).optional(),
  distinct_id: z.string().min(1, 'distinct_id must not be empty').optional(),
  distinct_ids: jsonParameter(
    z.array(z.string()).max(2_000),
    'distinct_ids must be a JSON array of ids',
  ).optional(),
  session_id: z.string().min(1, 'session_id must not be empty').optional(),
  page: z.coerce.number(wholePage).int(wholePage).min(0, 'page must not be negative').default(0),
  include_all_users: z.stringbool('include_all_users must be true or false').default(true),
});

/**
 * Reads the parameters from the query and, for a form, from the body; an error message if they are invalid.
 *
 * @param limit bytes of a decompressed body
 */
export async function readEngageQuery(request: SimRequest, limit: number): Promise<EngageQuery | string> {
  const form = await formOf(request, limit);
  if (typeof form === 'string') return form;
  const parameters = { ...Object.fromEntries(request.query), ...form };
  const objection = notEvaluated(notSimulatedInEngage, name => Object.hasOwn(parameters, name));
  if (objection !== undefined) return objection;
  const query = querySchema.safeParse(parameters);
  if (!query.success) return query.error.issues.map(({ message }) => message).join('; ');
  const { distinct_id, distinct_ids } = query.data;
  const { filter_by_cohort, output_properties, session_id, page, include_all_users } = query.data;
  return {
    cohortId: filter_by_cohort?.id,
    distinctIds: distinct_id === undefined ? distinct_ids : [distinct_id],
    outputProperties: output_properties,
    sessionId: session_id,
    page,
    includeAllUsers: include_all_users,
  };
}

/**
 * The parameters of a form, which may be compressed with gzip. Any other body gets an error message: read as a form
 * it would have no parameters, and every user would be returned.
 */
async function formOf(request: SimRequest, limit: number): Promise<Record<string, string> | string> {
  if (request.method !== 'POST' || request.body.length === 0) return {};
  const type = request.headers['content-type'] ?? '';
  if (/json/i.test(type)) return noForm('JSON');
  if (/multipart/i.test(type)) return noForm('multipart/form-data');
  const batch = batchOf(request);
  if (typeof batch === 'string') return batch;
  const unpacked = await unpack(batch, limit);
  if (unpacked.kind === 'too-large') return `the body must have at most ${limit} bytes`;
  if (unpacked.kind === 'unreadable') return unpacked.why;
  if (/^\s*[[{]/.test(unpacked.text)) return noForm('JSON');
  return Object.fromEntries(new URLSearchParams(unpacked.text));
}

const noForm = (type: string) => `the body must be a form (application/x-www-form-urlencoded), not ${type}`;
