import {
  type ProjectTimeZone,
  projectTimeZone,
  refusesCredentials,
  refusesDayAsFuture,
} from '@braze-mixpanel/core/mixpanel';
import type { MixpanelConfig } from '../config/config.ts';
import { answerText } from '../vendor-http/answer-text.ts';
import { basicAuthorization } from '../vendor-http/basic-authorization.ts';
import { type Lost, type Opened, openExchange, type VendorOptions } from '../vendor-http/exchange.ts';
import { readBody } from '../vendor-http/read-body.ts';
import { redirectTarget } from '../vendor-http/redirect-target.ts';
import { parseRetryAfter } from '../vendor-http/retry-after.ts';
import { CompareError } from './compare-error.ts';

export interface ExportRequest {
  /** `YYYY-MM-DD` in the project's time zone, both inclusive. */
  readonly from: string;
  readonly to: string;
  /** Names of the exported events; without them every event is exported. */
  readonly events: readonly string[] | undefined;
}

export interface ExportOptions extends VendorOptions {
  readonly mixpanel: MixpanelConfig;
  readonly withoutSecrets: (text: string) => string;
  readonly stop: AbortSignal;
}

/** The fields of an exported event that a comparison needs. */
export interface ExportedEvent {
  readonly event: string;
  /** UNIX seconds. */
  readonly time: number;
  readonly distinctId: string;
  readonly insertId: string;
  /** Name before Mixpanel renamed the event to `$hotshard_events`. */
  readonly renamedFrom?: string | undefined;
  readonly campaignId?: string | undefined;
  readonly canvasId?: string | undefined;
  /** Of a message of an API campaign. */
  readonly sendId?: string | undefined;
}

/** Name of events of a user ID with too many on a day. Source: Mixpanel, "Hot Shard Limits", 2026. */
export const hotShardEvent = '$hotshard_events';

/** An event has less than 1 MB. Source: Mixpanel, "Import Events". */
const longestLine = 4_000_000;
/** Bytes. */
const decodedAtOnce = 8_192;

/**
 * `GET /api/2.0/export`: calls back with each raw event of the answer's JSON lines, for any number of them. Lines that
 * are no events are skipped.
 *
 * @throws CompareError
 */
export async function rawExport(
  request: ExportRequest,
  options: ExportOptions,
  take: (event: ExportedEvent) => void,
): Promise<void> {
  const { response, lost } = await open(request, options);
  const zone = projectTimeZone(options.mixpanel.timeZone);
  let lines = 0;
  let line = '';
  try {
    await eachLine(response, text => {
      line = text;
      const event = readEvent(text, zone);
      lines += 1;
      if (event !== undefined) take(event);
    });
  } catch (error) {
    if (error instanceof CompareError) throw error;
    // An export that breaks off, or ends with an error message of its own, must not count as complete.
    if (error instanceof SyntaxError && lines > 0)
      throw new CompareError('compare_export_failed', 'The export ended within an event.');
    if (error instanceof SyntaxError) throw noExport(line, options);
    throw failed(lost(error), options);
  }
}

/** The error of an answer that does not begin with an event, such as the page of a gateway. */
function noExport(body: string, { withoutSecrets }: ExportOptions): CompareError {
  const answer = answerText({ status: 200, body, redirectTo: undefined }, withoutSecrets);
  return new CompareError('compare_export_refused', `Mixpanel returned ${answer}`);
}

async function open({ from, to, events }: ExportRequest, options: ExportOptions): Promise<Opened> {
  const { mixpanel, stop, withoutSecrets, now } = options;
  if (mixpanel.queryCredentials === undefined) throw new CompareError('compare_not_configured');
  const url = new URL('/api/2.0/export', mixpanel.exportUrl);
  url.searchParams.set('from_date', from);
  url.searchParams.set('to_date', to);
  if (events !== undefined) url.searchParams.set('event', JSON.stringify(events));
  if (mixpanel.projectId !== undefined) url.searchParams.set('project_id', mixpanel.projectId);
  const headers = { authorization: basicAuthorization(mixpanel.queryCredentials) };
  const opened = await openExchange({ url, method: 'GET', headers }, options, stop);
  if (opened.kind === 'lost') throw failed(opened, options);
  const { response } = opened;
  const { status } = response;
  if (status === 200) return opened;
  const body = (await readBody(response, longestLine).catch(() => undefined)) ?? '';
  const redirectTo = redirectTarget(response, url);
  const detail = `Mixpanel returned ${answerText({ status, body, redirectTo }, withoutSecrets)}`;
  if (status === 429)
    throw new CompareError('compare_throttled', detail, parseRetryAfter(response.headers, now()));
  if (refusesDayAsFuture(status, body))
    throw new CompareError(
      'compare_wrong_time_zone',
      `MIXPANEL_PROJECT_TIMEZONE is ${mixpanel.timeZone}. ${detail}`,
    );
  if (refusesCredentials(status, body)) throw new CompareError('compare_credentials_refused', detail);
  if (status === 402) throw new CompareError('compare_not_in_plan', detail);
  // The address is right, and a parameter is not: the answer says which.
  if (status === 400) throw new CompareError('compare_request_refused', detail);
  // 414 and 431: the URL or the header section is too long.
  if (status === 414 || status === 431) throw new CompareError('compare_request_too_long', detail);
  throw new CompareError(status >= 500 ? 'compare_export_failed' : 'compare_export_refused', detail);
}

function failed({ why }: Lost, { stop, withoutSecrets }: ExportOptions): CompareError {
  const detail = stop.aborted ? 'The export timed out.' : withoutSecrets(why);
  return new CompareError('compare_export_failed', detail);
}

/**
 * Calls back with each line. Memory: only a short text is decoded at a time, since the one at hand outlives a
 * collection of new objects, and a chunk is freed at once, which no collection would do for a long time.
 */
async function eachLine(response: Response, take: (line: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body ?? []) {
    for (let first = 0; first < chunk.length; first += decodedAtOnce) {
      const text = decoder.decode(chunk.subarray(first, first + decodedAtOnce), { stream: true });
      let begin = 0;
      for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', begin)) {
        take(rest + text.slice(begin, end));
        rest = '';
        begin = end + 1;
      }
      rest += text.slice(begin);
    }
    if (rest.length > longestLine)
      throw new CompareError('compare_export_failed', 'The response is not a list of events.');
    // A view may share its memory.
    if (chunk.length === chunk.buffer.byteLength) chunk.buffer.transfer(0);
  }
  take(rest + decoder.decode());
}

/** @throws SyntaxError if the line is not JSON */
function readEvent(line: string, zone: ProjectTimeZone): ExportedEvent | undefined {
  if (line.trim() === '') return undefined;
  const value: unknown = JSON.parse(line);
  if (typeof value !== 'object' || value === null) return undefined;
  const { event, properties } = value as { event?: unknown; properties?: unknown };
  if (typeof event !== 'string' || typeof properties !== 'object' || properties === null) return undefined;
  const { time, distinct_id: distinctId, $insert_id: insertId } = properties as Record<string, unknown>;
  if (typeof time !== 'number') return undefined;
  const { campaign_id, canvas_id, send_id } = properties as Record<string, unknown>;
  const { mp_original_event_name: renamedFrom } = properties as Record<string, unknown>;
  return {
    ...{ event, time: zone.toUtc(time), distinctId: String(distinctId ?? ''), insertId: String(insertId) },
    renamedFrom: event === hotShardEvent ? textOf(renamedFrom) : undefined,
    ...{ campaignId: textOf(campaign_id), canvasId: textOf(canvas_id), sendId: textOf(send_id) },
  };
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
