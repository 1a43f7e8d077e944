import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rowOf } from '../../testing/mapped-rows.ts';
import type { Exchange } from '../../vendor-http/exchange.ts';
import type { EventJson } from './outbound-event.ts';
import { settleUnit } from './settle-unit.ts';
import { type Settlement, settlementOf } from './settlement.ts';

/**
 * A Mixpanel behind a gateway. Mixpanel is honest: it imports the good events of a request, refuses the bad
 * ones by name, and recognises repeated events. The gateway replaces its answers by any contradictory one,
 * with or without forwarding the request.
 */
const badRecord = (index: number) => ({ index, insert_id: '', field: 'event', message: 'bad' });

type Lie = (sent: number) => readonly [status: number, body: string];
const account = (status: number, make: (sent: number) => unknown): Lie => {
  return sent => [status, JSON.stringify(make(sent))];
};
const page = '<html><head><title>Gateway</title></head><body></body></html>';
const xml = '<?xml version="1.0"?><Error/>';
const lies: readonly Lie[] = [
  ...[-1, 1, 0.5].map(off =>
    account(200, sent => ({ code: 200, num_records_imported: sent + off, status: 'OK' })),
  ),
  account(200, sent => ({ code: 200, num_records_imported: sent, failed_records: [badRecord(0)] })),
  account(200, sent => ({ code: 200, num_records_imported: sent, error: 'some data points failed' })),
  account(200, sent => ({ code: 400, num_records_imported: sent })),
  account(200, sent => ({ num_records_imported: String(sent) })),
  account(200, () => ({ code: 200, num_records_imported: -1 })),
  account(202, sent => ({ code: 200, num_records_imported: sent, status: 'OK' })),
  account(400, sent => ({ code: 400, num_records_imported: sent, failed_records: [badRecord(0)] })),
  account(400, sent => ({ code: 400, num_records_imported: sent - 1, failed_records: [badRecord(sent)] })),
  account(400, sent => ({ code: 400, num_records_imported: sent, failed_records: [] })),
  account(400, () => ({ code: 400, error: 'project_id is required', status: 'Bad Request' })),
  ...[200, 400, 413, 502].flatMap(status =>
    [page, xml, '', '{"code":', '['.repeat(1_000)].map(
      (body): Lie =>
        () => [status, body],
    ),
  ),
  ...[204, 301, 401, 402, 403, 404, 418, 429].map(
    (status): Lie =>
      () => [status, ''],
  ),
];

interface Turn {
  readonly lie: Lie | 'cut' | 'truth';
  readonly handsOn: boolean;
}

const turn: fc.Arbitrary<Turn> = fc.record({
  lie: fc.oneof(
    { weight: 3, arbitrary: fc.constant('truth' as const) },
    { weight: 4, arbitrary: fc.constantFrom(...lies) },
    { weight: 1, arbitrary: fc.constant('cut' as const) },
  ),
  handsOn: fc.boolean(),
});

const answered = (status: number, body: string): Exchange => ({
  kind: 'answered',
  status,
  body,
  retryAfterMs: undefined,
});

/**
 * Delivers rows until they are done, as the queue does: rows that a failure kept from completing start anew.
 */
async function deliver(
  sizes: readonly number[],
  isBad: (json: string) => boolean,
  turns: readonly Turn[],
  rounds: number,
) {
  const held = new Set<string>();
  const alone = new Set<string>();
  const script = [...turns];
  const send = async (sent: readonly EventJson[]): Promise<Exchange> => {
    const events = sent.map(({ json }) => json);
    const { lie, handsOn } = script.shift() ?? { lie: 'truth', handsOn: true };
    if (events.length === 1) alone.add(events[0]!);
    const failed = events.flatMap((json, index) => (isBad(json) ? [badRecord(index)] : []));
    if (handsOn || lie === 'truth') for (const json of events) if (!isBad(json)) held.add(json);
    if (lie === 'cut') return { kind: 'lost', why: 'reset' };
    if (lie !== 'truth') return answered(...lie(events.length));
    const count = events.length - failed.length;
    const body = { code: failed.length > 0 ? 400 : 200, num_records_imported: count };
    return failed.length > 0
      ? answered(400, JSON.stringify({ ...body, failed_records: failed }))
      : answered(200, JSON.stringify(body));
  };
  const done: Settlement[] = [];
  let waiting = sizes.map((_, id) => id);
  for (let round = 0; round < rounds && waiting.length > 0; round += 1) {
    const mapped = waiting.map(id => rowOf(id, sizes[id]!));
    const outbound = mapped.flatMap(row => row.outbound);
    const { answers, failure } = await settleUnit([outbound], send, new AbortController().signal);
    const rows = mapped.map(row => settlementOf(row, answers));
    for (const row of rows) {
      expect(row.imported + row.dead.length + row.unanswered).toBe(row.row.batch.events);
      expect(new Set(row.dead.map(({ index }) => index)).size).toBe(row.dead.length);
    }
    expect(failure === undefined).toBe(rows.every(row => row.unanswered === 0));
    done.push(...rows.filter(row => row.unanswered === 0));
    waiting = rows.filter(({ unanswered }) => unanswered > 0).map(({ row }) => row.batch.id);
  }
  return { done, waiting, held, alone };
}

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 3 });

it('With any answers of a gateway, no event counts as imported that Mixpanel does not have, and none is lost', async () => {
  await fc.assert(
    fc.asyncProperty(
      sizes,
      fc.array(fc.nat(), { maxLength: 6 }),
      fc.array(turn, { maxLength: 120 }),
      async (sizes, picks, turns) => {
        const texts = sizes.flatMap((size, id) =>
          Array.from({ length: size }, (_, index) => `"${id}-${index}"`),
        );
        const bad = new Set(picks.map(pick => texts[pick % texts.length]!));
        const { done, waiting, held, alone } = await deliver(sizes, json => bad.has(json), turns, 200);
        // The gateway lies a limited number of times: after that every row is completed.
        expect(waiting).toEqual([]);
        expect(done.map(row => row.row.batch.id).sort()).toEqual(sizes.map((_, id) => id));
        for (const row of done) {
          const dead = new Set(row.dead.map(({ index }) => index));
          for (const { index, json } of row.row.outbound) {
            if (!dead.has(index)) expect(held, `${json} counts as imported`).toContain(json);
            else if (!bad.has(json)) expect(alone, `${json} is dead`).toContain(json);
          }
        }
      },
    ),
    { numRuns: 300 },
  );
});

it('Through a gateway that only lies nothing is imported and nothing is dead', async () => {
  await fc.assert(
    fc.asyncProperty(
      sizes,
      fc.array(fc.constantFrom(...lies), { minLength: 1, maxLength: 20 }),
      async (sizes, drawn) => {
        const turns = Array.from({ length: 2_000 }, (_, place) => ({
          lie: drawn[place % drawn.length]!,
          handsOn: false,
        }));
        const { done } = await deliver(sizes, () => false, turns, 3);
        expect(done).toEqual([]);
      },
    ),
  );
});
