import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEnvelope } from './envelope.ts';

const read = (body: string) => readEnvelope(new TextEncoder().encode(body));

describe('the envelope', () => {
  it.each(['', ' \r\n', '{}', '{"events":[]}', '{"events":[],"more":1}'])(
    '%j is a credential probe',
    body => {
      expect(read(body)).toEqual({ kind: 'probe' });
    },
  );

  it.each(['{"events":[1,null,{}]}', '\uFEFF{"events":[1,2,3],"unknown":{}}'])(
    '%j is a batch of three',
    body => {
      expect(read(body)).toEqual({ kind: 'batch', events: 3 });
    },
  );

  it.each(['{', 'events', '{"events":[}', "{'events':[]}"])('%j is not JSON', body => {
    expect(read(body)).toEqual({ kind: 'refused', code: 'body_not_json' });
  });

  it.each([
    '[]',
    'null',
    '7',
    '"events"',
    '{"events":{}}',
    '{"events":null}',
    '{"event":[]}',
    '{"__proto__":{"events":[1]}}',
  ])('%j is JSON, but no batch', body => {
    expect(read(body)).toEqual({ kind: 'refused', code: 'events_not_an_array' });
  });

  it('with bytes that are not UTF-8 is a batch still: a refusal would lose its events', () => {
    const body = Buffer.concat([Buffer.from('{"events":["'), Buffer.from([0xff, 0xc3]), Buffer.from('"]}')]);
    expect(readEnvelope(body)).toEqual({ kind: 'batch', events: 1 });
  });

  it('is judged without an exception, whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map(text => Buffer.from(text)),
        ),
        body => {
          expect(['probe', 'batch', 'refused']).toContain(readEnvelope(body).kind);
        },
      ),
    );
  });
});
