import { drawing } from './draw.ts';

/** The answer of a fake vendor: a response, or a rejection of `fetch`. */
export type MalformedAnswer = { readonly response: Response } | { readonly failure: unknown };

const statuses = [
  ...[200, 200, 200, 200, 201, 202, 204, 206, 299, 301, 302, 304, 307],
  ...[400, 400, 400, 400, 401, 402, 403, 404, 405, 408, 409, 413, 413, 414, 418, 422, 423, 429, 451],
  ...[500, 501, 502, 503, 504, 520, 599],
];
/** The request, and the texts of it that a vendor may echo. */
interface About {
  readonly vendor: 'import' | 'query' | 'braze';
  readonly ids: readonly string[];
  readonly echo: string;
}

const bodiless = new Set([204, 304]);
const odd: readonly unknown[] = [
  ...[null, true, false, 0, -1, 0.5, 1e308, 2 ** 60, '', ' ', '0', '1', 'OK', [], {}, [[]], [null]],
  ...['\ud800', '\u0000', '__proto__', { __proto__: null, toString: 1 }, { length: -1 }, { index: 0 }],
];
const waits = [
  '-1',
  '0',
  '0.5',
  '1e9',
  '99999999999999999999',
  'soon',
  'NaN',
  'Infinity',
  ' 3 ',
  '1, 2',
  '0x10',
];
const dates = [
  'Mon, 23 Nov 2026 12:00:00 GMT',
  'Thu, 01 Jan 1970 00:00:00 GMT',
  'Fri, 31 Dec 9999 23:59:59 GMT',
  '2026-13-45',
];
const emptyPage = { page: 0, page_size: 1_000, results: [], session_id: 's', status: 'ok', total: 0 };
const garbage = [
  '',
  ' ',
  '<html><body>502 Bad Gateway</body></html>',
  '<!DOCTYPE html>\n<TITLE>Sign in</TITLE>',
  '<?xml version="1.0"?><Error><Code>EntityTooLarge</Code></Error>',
  'upstream: <html><head><title>Busy</title></head></html>',
  'null',
  '[]',
  '1',
  '"OK"',
  '{',
  '{"code":',
  'OK',
  '\ufeff{}',
];

/**
 * An infinite generator of answers that differ, slightly or entirely, from those of the vendors. `about` is
 * the request.
 */
export function malformedAnswers(random: () => number): (about: About) => MalformedAnswer {
  const draw = drawing(random);
  const any = () => draw.of(odd);
  const orOdd = (value: unknown) => (draw.chance(0.25) ? any() : value);
  const count = (ids: readonly string[]) =>
    draw.of<unknown>([ids.length, ids.length, ids.length - 1, 0, ids.length + 1, any()]);
  const record = (ids: readonly string[]) => {
    const index = draw.below(ids.length + (draw.chance(0.1) ? 3 : 0));
    if (draw.chance(0.1)) return any();
    return {
      index: orOdd(index),
      [draw.chance(0.7) ? 'insert_id' : '$insert_id']: draw.of<unknown>([
        ids[index] ?? 'x',
        ids[index] ?? 'x',
        '',
        'another',
        any(),
      ]),
      field: orOdd('properties.time'),
      message: orOdd('x'.repeat(draw.below(600))),
    };
  };
  const importAnswer = (ids: readonly string[]) => ({
    code: draw.of<unknown>([200, 400, any()]),
    ...(draw.chance(0.8) && { num_records_imported: count(ids) }),
    ...(draw.chance(0.6) && {
      failed_records: draw.chance(0.1)
        ? any()
        : Array.from({ length: draw.below(4) }, () => (draw.chance(0.1) ? 'a sentence' : record(ids))),
    }),
    ...(draw.chance(0.5) && { error: orOdd('some data points in the request failed validation') }),
    status: orOdd('OK'),
  });
  const brazeAnswer = () => ({
    message: orOdd('success'),
    attributes_processed: orOdd(1),
    errors: orOdd(
      Array.from({ length: draw.below(4) }, () =>
        orOdd({
          type: orOdd("'external_id' is required"),
          input_array: orOdd('attributes'),
          index: orOdd(draw.below(60)),
        }),
      ),
    ),
  });
  const queryAnswer = (ids: readonly string[]) =>
    draw.chance(0.5)
      ? Array.from({ length: draw.below(4) }, (_, id) =>
          orOdd({ id: orOdd(id), name: orOdd('Buyers'), count: orOdd(3), is_visible: orOdd(1) }),
        )
      : {
          page: orOdd(0),
          page_size: orOdd(1_000),
          results: orOdd(ids.map(id => orOdd({ $distinct_id: orOdd(id), $properties: orOdd({}) }))),
          session_id: orOdd('session'),
          status: orOdd('ok'),
          total: orOdd(ids.length),
        };

  const textOf = ({ vendor, ids, echo }: About): string => {
    const chance = random();
    if (chance < 0.12) return draw.of(garbage);
    if (chance < 0.16) return `${draw.chance(0.5) ? '[' : '{"a":'}`.repeat(draw.below(5_000));
    if (chance < 0.2) return `Invalid credentials: ${echo}`;
    if (chance < 0.2005) return ' '.repeat(5_000_000);
    const makers = { import: () => importAnswer(ids), braze: brazeAnswer, query: () => queryAnswer(ids) };
    const answer = makers[draw.chance(0.9) ? vendor : draw.of(['import', 'braze', 'query'] as const)]();
    const text = JSON.stringify(answer);
    if (chance < 0.3) return text.slice(0, draw.below(text.length));
    if (chance < 0.35) return text.replace(/"(\w+)":/, '"__proto__":{"polluted":true},"$1":');
    return text;
  };
  const bytesOf = (text: string): Uint8Array<ArrayBuffer> => {
    const bytes = new Uint8Array(Buffer.from(text));
    if (draw.chance(0.05) && bytes.length > 0) bytes[draw.below(bytes.length)] = 0x80 + draw.below(0x80);
    return bytes;
  };
  const brokenOff = (bytes: Uint8Array<ArrayBuffer>) =>
    new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull(controller) {
        controller.enqueue(bytes.subarray(0, bytes.length >> 1));
        controller.error(new Error('ECONNRESET'));
      },
    });

  /** Sometimes a valid answer, so that the behaviour after an invalid one is tested as well. */
  const inOrder = ({ vendor, ids }: About): Response => {
    if (vendor === 'braze') return Response.json({ message: 'success' }, { status: 201 });
    if (vendor === 'query') return Response.json(draw.chance(0.5) ? [] : emptyPage);
    const refused = ids
      .keys()
      .filter(() => draw.chance(0.2))
      .map(index => ({ index, insert_id: ids[index] ?? '', field: 'event', message: 'x' }));
    const failed_records = [...refused];
    const num_records_imported = ids.length - failed_records.length;
    const status = failed_records.length > 0 ? 400 : 200;
    return Response.json({ code: status, num_records_imported, failed_records, status: 'OK' }, { status });
  };

  return about => {
    if (draw.chance(0.3)) return { response: inOrder(about) };
    if (draw.chance(0.03)) {
      const cause = draw.of<unknown>([new Error('ECONNREFUSED'), undefined, 'text', null, { code: 1 }]);
      return {
        failure: draw.of<unknown>([new TypeError('fetch failed', { cause }), 'text', undefined, null, {}]),
      };
    }
    const status = draw.of(statuses);
    const headers: Record<string, string> = draw.chance(0.2)
      ? {
          'retry-after': draw.of([...waits, ...dates]),
          'x-ratelimit-reset': draw.of(waits),
          date: draw.of(dates),
        }
      : {};
    const bytes = bytesOf(textOf(about));
    const body = bodiless.has(status) ? null : draw.chance(0.03) ? brokenOff(bytes) : bytes;
    return { response: new Response(body, { status, headers }) };
  };
}
