import { type MappingOptions, mappingOptionsText } from '@braze-mixpanel/core/mapping';
import { type FileSource, SourceError } from '@braze-mixpanel/currents-files';
import type { StoredMapping } from '@braze-mixpanel/storage';
import type { z } from 'zod';
import { selectEvents } from '../backfill/event-selection.ts';
import { sourceSentence } from '../backfill/failure.ts';
import type { JobOptions } from '../backfill/job-options.ts';
import type { Config } from '../config/config.ts';
import { mappingOptionsOf } from '../config/mapping-options.ts';
import { ApiError } from './api-error.ts';
import type { backfillEndpoints } from './backfill-endpoints.ts';

/** What a back-fill needs of a connection. */
export interface ConnectionMapping {
  /** Present mapping options, as stored with its batches. */
  readonly options: string;
  readonly mapping: MappingOptions;
  /** Whether Mixpanel's raw export can be read. */
  readonly canExport: boolean;
}

/** What a back-fill needs of each connection, by name. */
export const connectionMappings = ({
  connections,
}: Pick<Config, 'connections'>): Map<string, ConnectionMapping> =>
  new Map(
    connections.map(each => {
      const options = mappingOptionsOf(each);
      return [
        each.name,
        {
          options: mappingOptionsText(options),
          mapping: options,
          canExport: each.mixpanel.queryCredentials !== undefined,
        },
      ];
    }),
  );

type CreateRequest = z.output<NonNullable<typeof backfillEndpoints.create.body>>;

/**
 * Checks a request for what can be known before anything is stored: its connection, events, days and files.
 *
 * @throws ApiError
 */
export async function checkRequest(
  body: CreateRequest,
  {
    mappings,
    openSource,
    now,
  }: {
    readonly mappings: ReadonlyMap<string, ConnectionMapping>;
    readonly openSource: (address: string) => Promise<FileSource>;
    /** Milliseconds since 1970. */
    readonly now: () => number;
  },
): Promise<{ mapping: ConnectionMapping; wanted: JobOptions['wanted']; source: string }> {
  const mapping = mappings.get(body.connection);
  if (mapping === undefined) throw new ApiError('unknown_connection');
  const wanted = wantedOf(body, mapping);
  if (body.gaps !== undefined) checkGaps(wanted, mapping, now());
  return { mapping, wanted, source: await listable(body.source, openSource) };
}

/** Address of a source that can be listed. @throws ApiError */
async function listable(
  address: string,
  openSource: (address: string) => Promise<FileSource>,
): Promise<string> {
  try {
    const source = await openSource(address);
    for await (const _ of source.list()) break;
    return source.address;
  } catch (error) {
    if (error instanceof SourceError) throw new ApiError('backfill_source_refused', sourceSentence(error));
    throw error;
  }
}

/** Days that a search for gaps may have: each is read twice and exported. */
const mostGapDays = 100;
const dayMs = 86_400_000;

/** @param now milliseconds since 1970 @throws ApiError */
function checkGaps({ from, until }: JobOptions['wanted'], { canExport }: ConnectionMapping, now: number) {
  if (!canExport) throw new ApiError('compare_not_configured');
  if (from === undefined)
    throw new ApiError(
      'request_invalid',
      `A search for gaps needs from (--from), at most ${mostGapDays} days before to (--to).`,
    );
  const days = Math.ceil(((until ?? now) - from) / dayMs);
  if (days > mostGapDays) {
    const end = until === undefined ? ' until now, since to (--to) is missing' : '';
    throw new ApiError(
      'request_invalid',
      `A search for gaps takes at most ${mostGapDays} days at a time, and these are ${days}${end}. Choose a later from (--from) or an earlier to (--to).`,
    );
  }
}

/** Which events are wanted. @throws ApiError */
function wantedOf(
  { from, to: until, events }: CreateRequest,
  { mapping }: ConnectionMapping,
): JobOptions['wanted'] {
  if (from !== undefined && until !== undefined && from >= until)
    throw new ApiError('request_invalid', 'from (--from) is not before to (--to).');
  const selection = events && selectEvents(events, mapping);
  if (selection?.ok === false) throw new ApiError('backfill_unknown_event', selection.fault);
  const types = selection?.eventTypes;
  return {
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
    ...(types && { events: types }),
  };
}

/**
 * Refuses a back-fill of events that the connection may have delivered under options that are not known: those
 * of a release that kept no history of them. The caller then chooses.
 *
 * @param history oldest first
 * @throws ApiError
 */
export function checkMappingHistory(
  { from = 0 }: JobOptions['wanted'],
  [first]: readonly StoredMapping[],
): void {
  if (first === undefined || Math.max(0, from) >= first.since) return;
  throw new ApiError(
    'backfill_mapping_unknown',
    `They are known from ${new Date(first.since).toISOString()} on. Choose from (--from) after that time, or for earlier events mappingBefore (--mapping-before): present or oldest.`,
  );
}
