import { catalogue2022_06 } from '@braze-mixpanel/core/currents';
import { mappingOptionsText } from '@braze-mixpanel/core/mapping';
import type { BodyPage, Rewrite, StoredBatch } from '@braze-mixpanel/storage';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { backfillQueue } from '../backfill/backfill-queue.ts';
import { readConfig } from '../config/read-config.ts';
import { emailSend } from '../testing/events.ts';
import { type CutOverOptions, cutOver } from './cut-over.ts';

const day = Date.UTC(2026, 10, 23);
const mappingOptions = mappingOptionsText({ catalogueVersion: catalogue2022_06 });
const connection = readConfig({ environment: { MIXPANEL_TOKEN: 'test', DELIVERY_MODE: 'hold' } })
  .connections[0]!;

const waiting = {
  attempts: 0,
  leased: false,
  retryInMs: undefined,
  heldUntil: undefined,
  profile: mappingOptions,
};

interface Happened {
  second: number;
  user: string;
}
const bodyOf = (events: readonly Happened[]) =>
  new TextEncoder().encode(
    JSON.stringify({
      events: events.map(({ second, user }) =>
        emailSend({ time: day / 1_000 + second, user: { external_user_id: user } }),
      ),
    }),
  );

/**
 * The rest to be delivered, and the counts, of a backlog of batches of which Mixpanel has some from another
 * sender. Every other batch is in the queue of back-filled events.
 */
async function afterCutOver(
  batches: readonly Happened[][],
  native: readonly Happened[],
  profile = mappingOptions,
) {
  const kept = new Map<number, StoredBatch>(
    batches.map((events, index) => [
      index + 1,
      {
        ...{ id: index + 1, receivedAt: day + 3_600_000, ...waiting, profile },
        connection: index % 2 === 0 ? 'default' : backfillQueue('default'),
        ...{ events: events.length, body: bodyOf(events) },
      },
    ]),
  );
  let skipped = 0;
  const journal: CutOverOptions['journal'] = {
    pending: async ({ connection, after, limit }: BodyPage) =>
      [...kept.values()].filter(each => each.connection === connection && each.id > after).slice(0, limit),
    rewrite: async ({ id, events, removed, body }: Rewrite) => {
      const batch = kept.get(id)!;
      expect(batch.events).toBe(events);
      skipped += removed;
      if (events === removed) kept.delete(id);
      else kept.set(id, { ...batch, events: events - removed, body });
      return 'done';
    },
  };
  const exports: CutOverOptions['exports'] = {
    read: async (_connection, _range, take) => {
      for (const { second, user } of native)
        take({ event: 'Email Send', time: day / 1_000 + second, distinctId: user, insertId: 'native' });
    },
  };
  const options = { journal, exports, now: () => day + 7_200_000, dryRun: false };
  const result = await cutOver(connection, options);
  const left = [...kept.values()].flatMap(({ body, events }) => {
    const parsed = JSON.parse(new TextDecoder().decode(body)) as { events: ReturnType<typeof emailSend>[] };
    expect(parsed.events).toHaveLength(events);
    return parsed.events.map(({ time, user }) => ({
      second: Number(time) - day / 1_000,
      user: String((user as { external_user_id: unknown }).external_user_id),
    }));
  });
  return { result, skipped, left };
}

it('A cut-over leaves exactly the events, back-filled ones too, that the other sender did not deliver, with correct counts', async () => {
  const happened = fc.record({ second: fc.nat(20), user: fc.constantFrom('a', 'b', 'c', '7') });
  const batches = fc.array(fc.array(happened, { minLength: 1, maxLength: 8 }), { maxLength: 70 });
  await fc.assert(
    fc.asyncProperty(batches, fc.array(happened, { maxLength: 30 }), async (batches, native) => {
      const { result, skipped, left } = await afterCutOver(batches, native);
      const theirs = new Set(native.map(({ second, user }) => `${second} ${user}`));
      const ours = batches.flat().filter(({ second, user }) => !theirs.has(`${second} ${user}`));
      expect(left).toEqual(ours);
      const all = batches.flat().length;
      expect(result).toMatchObject({ waiting: all, alreadyThere: all - ours.length, left: 0 });
      expect(skipped).toBe(all - ours.length);
    }),
    { numRuns: 40 },
  );
});

it('A cut-over changes nothing when Mixpanel has more events than fit into memory', async () => {
  let rewritten = 0;
  const batch = {
    ...{ id: 1, connection: 'default', receivedAt: day, ...waiting },
    ...{ events: 1, body: bodyOf([{ second: 0, user: 'a' }]) },
  };
  const failing = cutOver(connection, {
    journal: {
      pending: async ({ after }) => (after === 0 ? [batch] : []),
      rewrite: async () => {
        rewritten += 1;
        return 'done';
      },
    },
    exports: {
      read: async (_connection, _range, take) => {
        for (let second = 0; second < 5_000; second += 1)
          take({ event: 'Email Send', time: day / 1_000 + second, distinctId: 'a', insertId: 'native' });
      },
    },
    ...{ now: () => day, dryRun: false, places: 2 ** 12 },
  });
  await expect(failing).rejects.toThrow(/too many events in that period/);
  expect(rewritten).toBe(0);
});

it('An event that CURRENTS_NAMES renames counts as already there under its name in the catalogue', async () => {
  const names = new Map([['users.messages.email.Send', 'Mail Sent']]);
  const renamed = mappingOptionsText({ catalogueVersion: catalogue2022_06, names });
  const [both, ours] = [
    { second: 1, user: 'a' },
    { second: 2, user: 'b' },
  ];
  expect((await afterCutOver([[both, ours]], [both], renamed)).result).toMatchObject({
    waiting: 2,
    alreadyThere: 1,
  });
});
