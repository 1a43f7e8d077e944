import * as z from 'zod';
import type { RecordedRequest } from './journal.ts';

/** The parts of HAR 1.2 that are written. Source: Software is Hard, "HAR 1.2 Spec", read 2026-11. */
export const harSchema = z
  .object({
    log: z.object({
      version: z.literal('1.2'),
      creator: z.object({ name: z.string(), version: z.string() }),
      entries: z.array(z.looseObject({ startedDateTime: z.string(), time: z.number() })),
    }),
  })
  .meta({ id: 'Har' });

/** Requests of a journal as an HTTP Archive, oldest first. Secrets are redacted already. */
export function harOf(name: string, requests: readonly RecordedRequest[]): z.output<typeof harSchema> {
  return {
    log: {
      version: '1.2',
      creator: { name, version: '1' },
      entries: requests.toReversed().map(entryOf),
    },
  };
}

function entryOf(request: RecordedRequest) {
  const { at, durationMs, rule, faults } = request;
  const comment = [rule, ...faults].filter(Boolean).join(', ');
  return {
    startedDateTime: new Date(at).toISOString(),
    time: durationMs,
    request: requestOf(request),
    response: responseOf(request),
    cache: {},
    timings: { send: 0, wait: durationMs, receive: 0 },
    ...(comment !== '' && { comment }),
  };
}

function requestOf({ method, path, query, headers, body, bodyBytes }: RecordedRequest) {
  const host = headers.host ?? 'localhost';
  return {
    method,
    url: `http://${host}${path}${query === '' ? '' : `?${query}`}`,
    httpVersion: 'HTTP/1.1',
    cookies: [],
    headers: pairsOf(Object.entries(headers)),
    queryString: pairsOf(new URLSearchParams(query)),
    headersSize: -1,
    bodySize: bodyBytes,
    ...(body !== null && { postData: { mimeType: headers['content-type'] ?? '', text: body } }),
  };
}

/** Status 0 is that of a request without a complete answer, as browsers write it. */
function responseOf({ status, answer }: RecordedRequest) {
  const { headers = {}, body = null, bodyBytes = null } = answer ?? {};
  return {
    status: typeof status === 'number' ? status : 0,
    statusText: typeof status === 'number' ? '' : status,
    httpVersion: 'HTTP/1.1',
    cookies: [],
    headers: pairsOf(Object.entries(headers)),
    content: {
      size: bodyBytes ?? -1,
      mimeType: headers['content-type'] ?? '',
      ...(body !== null && { text: body }),
    },
    redirectURL: headers.location ?? '',
    headersSize: -1,
    bodySize: bodyBytes ?? -1,
  };
}

const pairsOf = (of: Iterable<readonly [string, string]>) =>
  Array.from(of, ([name, value]) => ({ name, value }));
