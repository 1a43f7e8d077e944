import { type Respond, respond } from '@braze-mixpanel/simulator-kit';

/** The outcome of the objects in one request to `/track`, `/engage` or `/groups`. */
export interface Verdict {
  readonly taken: number;
  readonly failed: readonly Objection[];
  /** The deciding rule, for the journal. */
  readonly rule: string;
}

export interface Objection {
  readonly index: number;
  readonly field: string;
  readonly message: string;
}

/** A transparent pixel: a GIF of 1 × 1. */
const pixel = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/**
 * The answer in the requested form, with status 200 unless `strict=1`:
 *
 * - by default: the text `1`, or `0` if every object was rejected;
 * - `verbose=1` or `2`: `{"status":1,"error":null}`, or 0 and the first error;
 * - `strict=1`: the counts and every error, with status 400 if there is one;
 * - `img=1`: a pixel; `callback=name`: JavaScript that calls it.
 */
export function verdictAnswer(
  parameters: URLSearchParams,
  { taken, failed, rule }: Verdict,
  countedAs = 'num_good_events',
): Respond {
  const on = (name: string) => parameters.get(name) === '1';
  if (on('strict')) return strictAnswer(taken, failed, rule, countedAs);
  const status = taken > 0 || failed.length === 0 ? 1 : 0;
  const error = status === 1 ? null : (failed[0]?.message ?? null);
  if (on('verbose') || parameters.get('verbose') === '2') return respond(200, { status, error }, { rule });
  if (on('img')) return respond(200, pixel, { rule, headers: { 'content-type': 'image/gif' } });
  const callback = parameters.get('callback');
  if (callback !== null && /^[\w$.]{1,100}$/.test(callback))
    return respond(200, `${callback}(${status});`, { rule, headers: { 'content-type': 'text/javascript' } });
  return respond(200, String(status), { rule });
}

function strictAnswer(taken: number, failed: readonly Objection[], rule: string, countedAs: string): Respond {
  if (failed.length === 0)
    return respond(200, { code: 200, error: null, [countedAs]: taken, status: 'OK' }, { rule });
  const body = {
    code: 400,
    error: 'some data points in the request failed validation',
    failed_records: failed,
    [countedAs]: taken,
    status: 'Bad Request',
  };
  return respond(400, body, { rule });
}

/** The answer to an unreadable request, which is rejected as a whole with one error. */
export function unreadable(parameters: URLSearchParams, message: string, rule: string): Respond {
  return verdictAnswer(parameters, { taken: 0, failed: [{ index: 0, field: 'data', message }], rule });
}
