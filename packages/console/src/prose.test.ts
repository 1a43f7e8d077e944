import fc from 'fast-check';
import { expect, it } from 'vitest';
import { prose } from '../page/src/parts/prose.ts';

const failing = 'Mixpanel returned a server error. Details: Mixpanel returned';

it.each([
  [
    'the error',
    '503: {"code":503,"error":"Try again later","status":"Service Unavailable"}.',
    '503: Try again later.',
  ],
  ['a sentence', '503: {"error":"Try again later."}.', '503: Try again later.'],
  ['the status alone', '503: {"code":503,"status":"Service Unavailable"}.', '503: Service Unavailable.'],
  [
    'an error within a success',
    '201: {"message":"success","errors":[{"type":"Bad time"}]}.',
    '201: Bad time.',
  ],
  ['no text', '503: {"code":503}.', '503.'],
  ['quotes', '400: {"error":"no \\"token\\" here"}.', '400: no "token" here.'],
  ['an error before it is cut', '400: {"error":"Bad","failed_records":[{"a":1},{"in….', '400: Bad.'],
  ['an error that is cut', '400: {"code":400,"error":"some data poi….', '400: some data poi…'],
  ['nothing before it is cut', '400: {"code":400,"failed_re….', '400.'],
])('of JSON in a message with %s, only that is shown', (_, answer, shown) =>
  expect(prose(`${failing} ${answer}`)).toBe(`${failing} ${shown}`),
);

it('keeps what comes after JSON', () =>
  expect(prose('It returned 400: {"error":"Bad"}. Check it.')).toBe('It returned 400: Bad. Check it.'));

it('keeps a message without JSON, whatever it is', () =>
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), text => {
      fc.pre(!text.includes('{'));
      expect(prose(text)).toBe(text);
    }),
  ));
