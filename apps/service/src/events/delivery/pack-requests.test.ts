import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OutboundEvent } from './outbound-event.ts';
import { packRequests } from './pack-requests.ts';

let index = 0;
const event = (bytes: number) =>
  new OutboundEvent(
    { index: index++, event: 'Email Send', time: 0, insertId: 'id', distinctId: 'ada', json: '', bytes },
    Buffer.alloc(0),
    0,
  );
const rowOf = (count: number, bytes = 500) => Array.from({ length: count }, () => event(bytes));
const sizes = (requests: OutboundEvent[][]) => requests.map(request => request.length);

describe('requests', () => {
  it('hold whole rows up to 2,000 events', () => {
    expect(sizes(packRequests([rowOf(900), rowOf(900), rowOf(900)]))).toEqual([1_800, 900]);
  });

  it('hold whole rows up to 10 MB', () => {
    expect(sizes(packRequests([rowOf(6, 900_000), rowOf(6, 900_000)]))).toEqual([6, 6]);
  });

  it('share a row that is too large for one', () => {
    expect(sizes(packRequests([rowOf(4_500)]))).toEqual([2_000, 2_000, 500]);
  });

  it('are none where there is nothing to send', () => {
    expect(packRequests([[], []])).toEqual([]);
  });

  it('hold every event once, in order, within the limits, for any rows', () => {
    const rows = fc.array(fc.array(fc.integer({ min: 1, max: 999_999 }).map(event), { maxLength: 40 }), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(rows, rows => {
        const requests = packRequests(rows);
        expect(requests.flat()).toEqual(rows.flat());
        for (const request of requests) {
          expect(request.length).toBeLessThanOrEqual(2_000);
          const bytes = 2 + request.reduce((sum, each) => sum + each.bytes, 0) + request.length - 1;
          expect(bytes).toBeLessThanOrEqual(10_000_000);
        }
      }),
    );
  });
});
