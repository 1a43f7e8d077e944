import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../secrets/secret.ts';
import { withoutSecretsOf } from '../../secrets/without-secrets.ts';
import type { SinkAnswer } from './sink.ts';
import { verdictOf } from './verdicts.ts';

const page = readFileSync(new URL('../../../../../docs/vendor-answers.md', import.meta.url), 'utf8');

interface Row {
  to: 'track' | 'partner';
  status: number;
  body: string;
  sent: number;
  verdict: string;
}

/** The rows of the page that name a request and an answer. */
function documented(text: string): Row[] {
  const rows = text.matchAll(/^\| (track|partner|both) \| (\d+) \|(?: (`+)(.*?)\3)? \| (\d+) \| (.+?) \|$/gm);
  return [...rows].flatMap(([, to, status, , body = '', sent, verdict]) =>
    (to === 'both' ? (['track', 'partner'] as const) : [to as Row['to']]).map(each => ({
      ...{ to: each, body, verdict: verdict! },
      ...{ status: Number(status), sent: Number(sent) },
    })),
  );
}

function answered(status: number, body: string) {
  return { kind: 'answered', status, body, retryAfterMs: undefined } as const;
}

const shown = (answer: SinkAnswer) =>
  answer.kind === 'accepted' && answer.refused.length > 0 ? `refused ${answer.refused}` : answer.kind;

describe('the table of answers of Braze in the documentation', () => {
  const rows = documented(page);

  it('is a table that the test can read', () => {
    expect(rows.length).toBeGreaterThan(50);
    expect(new Set(rows.map(({ verdict }) => verdict.split(' ')[0]))).toEqual(
      new Set(['accepted', 'refused', 'unproven', 'retry', 'stop']),
    );
  });

  it.each(rows)('holds for $to, $status $body', ({ to, status, body, sent, verdict }) => {
    expect(shown(verdictOf(answered(status, body), { to, changes: sent }, text => text))).toBe(verdict);
  });
});

/** Bodies of Braze, of gateways and of broken connections. */
const error = fc.oneof(
  fc.constantFrom(null, '', 'minor problem', {}, [], 7, true),
  fc.record(
    {
      type: fc.constantFrom<unknown>('some reason', 3, null),
      input_array: fc.constantFrom<unknown>('attributes', 'events', 'user_identifiers', null),
      index: fc.oneof(fc.integer({ min: -2, max: 80 }), fc.constantFrom<unknown>(0.5, '1', null, 1e300)),
    },
    { requiredKeys: [] },
  ),
);
const brazeLike = fc.record(
  {
    message: fc.constantFrom<unknown>(
      'success',
      'Success.',
      'queued',
      'fatal problem',
      'unsuccessful',
      '',
      4,
    ),
    attributes_processed: fc.oneof(
      fc.integer({ min: -1, max: 80 }),
      fc.constantFrom<unknown>(null, '3', 1.5, []),
    ),
    errors: fc.oneof(fc.array(error, { maxLength: 4 }), error),
  },
  { requiredKeys: [] },
);
const text = fc.oneof(
  { weight: 4, arbitrary: brazeLike.map(json => JSON.stringify(json)) },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...['', ' ', '{}', 'null', '[]', '"success"', 'OK', '{"message":"succ', '\ufeff{}', '{"error":"no"}'],
      '<!doctype html><html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>',
      '<?xml version="1.0"?><Error><Message>denied</Message></Error>',
      `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
      '{"message":"success","a":'.padEnd(200_000, '['),
      `{"message":"success","attributes_processed":3,"errors":[${'null,'.repeat(20_000)}null]}`,
    ),
  },
);
const status = fc.oneof(
  fc.constantFrom(200, 201, 202, 204, 302, 400, 401, 403, 404, 408, 413, 423, 429, 500, 503),
  fc.integer({ min: 0, max: 999 }),
);
const sent = fc.record({
  to: fc.constantFrom('track' as const, 'partner' as const),
  changes: fc.integer({ min: 1, max: 75 }),
});

/**
 * An independent check, from the text alone: the reason why the answer does not vouch for `accepted` changes
 * of `changes`.
 */
function denies(
  code: number,
  body: string,
  to: Row['to'],
  changes: number,
  accepted: number,
): string | false {
  if (code < 200 || code > 299) return `status ${code}`;
  if (to === 'partner' && /^\s*(\{\s*\})?\s*$/.test(body)) return false;
  const { message, attributes_processed: processed, errors } = JSON.parse(body);
  if (!/^\s*(success|queued)\W*$/i.test(message)) return `message ${message}`;
  if (to === 'track' && typeof processed === 'number' && processed < accepted)
    return `processed ${processed}`;
  const located = [errors].flat().filter(each => typeof each === 'object' && each?.index !== undefined);
  for (const { index, input_array = 'attributes' } of located)
    if (input_array !== 'attributes' || !Number.isInteger(index) || index < 0 || index >= changes)
      return `an error at ${index} of ${input_array}`;
  return false;
}

describe('for any status and any body', () => {
  it('no change counts as accepted that the answer does not vouch for', () => {
    fc.assert(
      fc.property(sent, status, text, ({ to, changes }, code, body) => {
        const answer = verdictOf(answered(code, body), { to, changes }, text => text);
        if (answer.kind !== 'accepted') return;
        expect(answer.refused.every(index => Number.isInteger(index) && index >= 0 && index < changes)).toBe(
          true,
        );
        expect(denies(code, body, to, changes, changes - answer.refused.length)).toBe(false);
      }),
      { numRuns: 3_000 },
    );
  });

  it('the kept text is short, without secrets, and never a piece of a page', () => {
    const secret = 'rest-key-1234567890';
    fc.assert(
      fc.property(sent, status, text, (request, code, body) => {
        const echoing = answered(code, body.replace('{', `{"key":"${secret}",`));
        const answer = verdictOf(echoing, request, withoutSecretsOf([new Secret(secret)]));
        if (answer.kind === 'accepted') return;
        const { detail } = answer.problem;
        expect(detail.length).toBeLessThan(500);
        expect(detail).not.toContain(secret);
        expect(detail).not.toMatch(/<\/?(?:html|body|title|error)/i);
      }),
      { numRuns: 1_000 },
    );
  });

  it('a missing answer proves nothing, and the request is sent again', () => {
    const lost = verdictOf({ kind: 'lost', why: 'ECONNRESET' }, { to: 'track', changes: 3 }, text => text);
    expect(lost).toMatchObject({ kind: 'retry', problem: { code: 'braze_unreachable' } });
  });
});
