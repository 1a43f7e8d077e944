import { expect, it } from 'vitest';
import { bodyText, eventsOf } from './stored-body.ts';

it('a high and a low surrogate half of three bytes each are one character', () => {
  const body = Buffer.concat([
    Buffer.from('{"events":[{"name":"'),
    Buffer.from([0xed, 0xa0, 0xbc, 0xed, 0xbc, 0xb3]),
    Buffer.from('"}]}'),
  ]);
  expect(eventsOf(body)).toEqual([{ name: '🌳' }]);
});

it('bytes that are not UTF-8 become U+FFFD, and a byte order mark is left out', () => {
  expect(bodyText(new Uint8Array([0xef, 0xbb, 0xbf, 0x61, 0xff]))).toBe('a\ufffd');
});
