import fc from 'fast-check';
import { expect } from 'vitest';
import { batchOf, bytesOf, textOf } from '../../testing/samples.ts';
import { command, connection, countersOf, fresh, owner, type Row } from './model.ts';

export const append = fc
  .tuple(connection, fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 5 }))
  .map(([to, sizes]) =>
    command(`append ${sizes.length} to ${to}`, async (model, storage) => {
      const rows = sizes.map(
        (events): Row => ({
          ...fresh,
          text: `batch ${++model.appended}`,
          connection: to,
          events,
        }),
      );
      await Promise.all(
        rows.map(({ text, events }) => storage.journal.append(batchOf(text, { connection: to, events }))),
      );
      model.rows = [...model.rows, ...rows];
      const counters = countersOf(model, to);
      counters.accepted += sizes.reduce((sum, events) => sum + events, 0);
    }),
  );

/** Takes one event out of each batch that waits, or says why not. */
export const rewrite = connection.map(of =>
  command(`rewrite batches of ${of}`, async (model, storage) => {
    for (const { id, events, body } of await storage.journal.pending({
      connection: of,
      after: 0,
      limit: 100,
    })) {
      const text = textOf(body);
      const row = model.rows.find(
        each => each.text === text && each.connection === of && each.events === events,
      );
      if (row === undefined) throw new Error(`${text} waits though it does not`);
      const removed = Math.min(1, events);
      const done = await storage.journal.rewrite({
        ...{ id, of: 'pending', events, removed, reason: 'forgotten' },
        body: bytesOf(text),
      });
      if (row.owner !== undefined && !row.expired) expect(done).toBe('leased');
      else {
        expect(done).toBe('done');
        row.events -= removed;
        countersOf(model, of).skipped += removed;
        Object.assign(row, { owner: undefined, expired: false });
        if (row.events === 0) model.rows = model.rows.filter(each => each !== row);
      }
    }
  }),
);

/** A row is split into its events, or one of no more is given back as harmless. */
export const handleAlone = owner.map(by =>
  command(`split or acquit as ${by}`, async (model, storage) => {
    const row = model.rows.find(each => model.ids.has(each.text) && each.owner === by);
    if (row === undefined) return;
    const id = model.ids.get(row.text)!;
    if (row.events < 2) {
      await storage.journal.acquit(by, id);
      Object.assign(row, { owner: undefined, expired: false });
      return;
    }
    const texts = Array.from({ length: row.events }, (_, index) => `${row.text}.${index}`);
    const parts = texts.map(text => ({ events: 1, body: bytesOf(text) }));
    expect(await storage.journal.split('a stranger', id, parts)).toBe(false);
    await expect(storage.journal.split(by, id, parts.slice(1))).rejects.toThrow('parts of batch');
    expect(await storage.journal.split(by, id, parts)).toBe(true);
    const { connection: to } = row;
    model.rows = [
      ...model.rows.filter(each => each !== row),
      ...texts.map(text => ({ ...fresh, text, connection: to, events: 1 })),
    ];
  }),
);

export const readmit = connection.map(of =>
  command(`readmit what is quarantined of ${of}`, async (_model, storage) => {
    const page = { connection: of, after: 0, limit: 1_000 };
    const aside = (await storage.journal.quarantined(page)).map(({ id }) => id);
    expect((await storage.journal.readmit(of)).sort((a, b) => a - b)).toEqual(aside);
    expect(await storage.journal.quarantined(page)).toEqual([]);
  }),
);
