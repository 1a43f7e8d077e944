import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEnvelope } from './envelope.ts';
import { mostValues } from './many-values.ts';

const maxEvents = 10_000;
const read = (body: string) => readEnvelope(new TextEncoder().encode(body), maxEvents);
const batch = (event: string, times: number) => `{"events":[${Array(times).fill(event).join(',')}]}`;

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
      expect(read(body)).toMatchObject({ kind: 'batch', events: { length: 3 } });
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

  it('without events, of an object with an event type, is refused as a single event', () => {
    const event = '{"id":"1","event_type":"users.messages.email.Send","time":1700000000}';
    expect(read(event)).toEqual({ kind: 'refused', code: 'event_without_batch' });
    expect(read(`{"events":[${event}],"event_type":"x"}`)).toMatchObject({
      kind: 'batch',
      events: { length: 1 },
    });
  });

  it('with bytes that are not UTF-8 is still a batch: a refusal would lose its events', () => {
    const body = Buffer.concat([Buffer.from('{"events":["'), Buffer.from([0xff, 0xc3]), Buffer.from('"]}')]);
    expect(readEnvelope(body, maxEvents)).toMatchObject({ kind: 'batch', events: { length: 1 } });
  });

  it('may have the maximum of events, and is refused with one more, so that Braze splits it', () => {
    expect(read(batch('1', maxEvents))).toMatchObject({ kind: 'batch', events: { length: maxEvents } });
    expect(read(batch('1', maxEvents + 1))).toEqual({ kind: 'refused', code: 'too_many_events' });
  });

  it.each([
    ['a list of tiny events', batch('1', mostValues)],
    ['a list of empty objects', batch('{}', mostValues)],
    ['one event with a list of tiny values', batch(`{"a":[${'0,'.repeat(mostValues)}0]}`, 1)],
    ['lists in lists', batch('['.repeat(mostValues) + ']'.repeat(mostValues), 1)],
    ['objects in objects', batch(`${'{"":'.repeat(mostValues)}1${'}'.repeat(mostValues)}`, 1)],
    ['lists in lists that never end', `{"events":${'['.repeat(2 * mostValues)}`],
  ])('of too many values is refused before it is parsed: %s', (_name, body) => {
    expect(read(body)).toEqual({ kind: 'refused', code: 'too_many_values' });
  });

  it('is refused for its values, not for commas and brackets inside texts', () => {
    const text = JSON.stringify('a,[{"b\\,'.repeat(200_000));
    expect(read(batch(text, 3))).toMatchObject({ kind: 'batch', events: { length: 3 } });
  });

  it('of large events in usual numbers is a batch', () => {
    const event = JSON.stringify({ id: 'x', properties: { text: 'x,'.repeat(50_000), list: [1, 2, 3] } });
    expect(read(batch(event, 90))).toMatchObject({ kind: 'batch', events: { length: 90 } });
  });

  it('is checked without an exception, for any bytes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map(text => Buffer.from(text)),
        ),
        body => {
          expect(['probe', 'batch', 'refused']).toContain(readEnvelope(body, maxEvents).kind);
        },
      ),
    );
  });
});
