import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventTexts } from './event-texts.ts';
import { isOversize, partsOf } from './split-batch.ts';
import { bodyText } from './stored-body.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const textsOf = (body: Uint8Array) => eventTexts(bodyText(body));

describe('a batch that is split', () => {
  it('keeps every event as it arrived, in order, in parts of one request at most', async () => {
    const event = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.constantFrom('0', '""', '{"a": [1 , 2]}', '"é\\u00e9,]"', '[[],{}]', '1.50'),
      },
      fc.json(),
    );
    const blank = fc.constantFrom('', ' ', '\n', '\t ');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(blank, event, blank), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 700 }),
        fc.boolean(),
        async (some, times, twice) => {
          const all = Array.from({ length: times }, () => some.map(part => part.join(''))).flat();
          const body = bytes(
            `{${twice ? '"events":[1,2],' : ''}"ev\\u0065nts" :[${all.join(',')}], "more":{"events":[3]}}`,
          );
          const parts = await partsOf(body);
          expect(parts.flatMap(part => textsOf(part.body))).toEqual(textsOf(body));
          for (const part of parts) {
            expect(part.events).toBeLessThanOrEqual(2_000);
            expect(JSON.parse(bodyText(part.body)).events).toHaveLength(part.events);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('of bytes that are not UTF-8 holds the text that would have been mapped', async () => {
    const body = Buffer.concat([
      Buffer.from('{"events":["'),
      Buffer.from([0xff, 0xc3]),
      Buffer.from('",2]}'),
    ]);
    const [part] = await partsOf(body);
    expect(textsOf(part!.body)).toEqual(textsOf(body));
  });

  it('yields to the event loop, for any number of events', async () => {
    const body = bytes(`{"events":[${'1,'.repeat(1_000_000)}1]}`);
    let turns = 0;
    const counting = setInterval(() => turns++, 0);
    const parts = await partsOf(body);
    clearInterval(counting);
    expect(parts).toHaveLength(501);
    expect(turns).toBeGreaterThan(10);
  });

  it.each(['{"events":[0,', '{"events":[0', '{"events":["'])(
    'is refused when it ends too early: %j',
    async body => {
      await expect(partsOf(bytes(body))).rejects.toThrow('ends inside');
    },
  );

  it('has more events than five full requests hold', () => {
    expect([10_000, 10_001].map(events => isOversize({ events }))).toEqual([false, true]);
  });
});
