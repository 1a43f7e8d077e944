import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventTexts } from './event-texts.ts';

describe('the texts of events', () => {
  it('are those of the request: digits, blanks and repeated keys stay', () => {
    const texts = [
      '{"n":1e999,"n":12345678901234567890}',
      '{ "a" : "]}\\"" }',
      '7',
      '"\\ud800"',
      'null',
      '[]',
    ];
    expect(
      eventTexts(` {"before":[1,{"events":2}], "events" : [ ${texts.join(' ,\n')} ] ,"after":true} `),
    ).toEqual(texts);
  });

  it('are those of the last "events", as for JSON.parse, in any spelling of the key', () => {
    expect(eventTexts('{"events":[1],"\\u0065vents":[2,3]}')).toEqual(['2', '3']);
  });

  it('may nest as deep as JSON may', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(eventTexts(`{"events":[${deep},1]}`)).toEqual([deep, '1']);
  });

  it('parse to the events of JSON.parse, in any body and any layout', () => {
    const body = fc
      .record({ events: fc.array(fc.jsonValue()) })
      .chain(body =>
        fc.tuple(
          fc.dictionary(fc.string(), fc.jsonValue()),
          fc.constant(body),
          fc.constantFrom(undefined, 2, '\t'),
        ),
      );
    fc.assert(
      fc.property(body, ([others, { events }, indent]) => {
        const text = JSON.stringify({ ...others, events }, undefined, indent);
        const parsed = JSON.parse(text) as { events: unknown[] };
        expect(eventTexts(text).map(each => JSON.parse(each) as unknown)).toEqual(parsed.events);
      }),
    );
  });
});
