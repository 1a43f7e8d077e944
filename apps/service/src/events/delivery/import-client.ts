import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { MixpanelConfig } from '../../config/config.ts';
import { basicAuthorization } from '../../vendor-http/basic-authorization.ts';
import { type Exchange, exchange, type VendorOptions } from '../../vendor-http/exchange.ts';
import { type EventJson, jsonArray } from './outbound-event.ts';

const compress = promisify(gzip);
/**
 * Bytes of a compressed chunk. A full request of 2,000 events fits into one or two: each is a trip between
 * threads.
 */
const compressedChunk = 256 * 1024;
/** Maximum of bytes of an answer. A 400 that names each of 2,000 events has less than 1 MB. */
const answerLimit = 4_000_000;

/** Sends one request of `/import` with the JSON of events; never throws. */
export type ImportClient = (events: readonly EventJson[], signal: AbortSignal) => Promise<Exchange>;

export interface ImportClientOptions extends VendorOptions {
  readonly mixpanel: MixpanelConfig;
}

/**
 * The client of `POST /import?strict=1&ip=0`, gzip, HTTP Basic. `strict=1` makes Mixpanel name the events it
 * refuses; `ip=0` keeps it from placing every user where this service runs.
 */
export function importClient({ mixpanel, ...vendor }: ImportClientOptions): ImportClient {
  const url = new URL('/import?strict=1&ip=0', mixpanel.apiUrl);
  if (mixpanel.projectId !== undefined) url.searchParams.set('project_id', mixpanel.projectId);
  const headers = {
    authorization: basicAuthorization(mixpanel.importCredentials),
    'content-type': 'application/json',
    'content-encoding': 'gzip',
  };

  return async (events, stop) => {
    const json = jsonArray(events);
    const body = await compress(json, { level: 1, chunkSize: compressedChunk });
    json.buffer.transfer(0);
    return exchange({ url, headers, body, readAtMost: answerLimit }, vendor, stop);
  };
}
