import fc from 'fast-check';
import { expect } from 'vitest';
import { batchOf } from '../../testing/samples.ts';
import { command, connection, countersOf, fresh } from './model.ts';

export const replay = fc.tuple(connection, fc.integer({ min: 1, max: 4 })).map(([of, limit]) =>
  command(`replay up to ${limit} of ${of}`, async (model, storage) => {
    const letters = model.dead.filter(each => each.connection === of).slice(-limit);
    const { profile } = batchOf('');
    const ids = await storage.deadLetters.replay({ connection: of, profile, limit });
    expect(ids).toHaveLength(letters.length);
    model.dead = model.dead.filter(each => !letters.includes(each));
    if (letters.length > 0) countersOf(model, of).dead -= letters.length;
    for (const { original } of letters)
      model.rows.push({ ...fresh, text: `{"events":[${original}]}`, connection: of, events: 1 });
  }),
);

export const remove = fc.tuple(connection, fc.integer({ min: 1, max: 4 })).map(([of, limit]) =>
  command(`remove up to ${limit} dead letters of ${of}`, async (model, storage) => {
    const letters = model.dead.filter(each => each.connection === of).slice(-limit);
    const ids = await storage.deadLetters.remove({ connection: of, limit, skippedAs: 'purged' });
    expect(ids).toHaveLength(letters.length);
    model.dead = model.dead.filter(each => !letters.includes(each));
    if (letters.length === 0) return;
    countersOf(model, of).dead -= letters.length;
    countersOf(model, of).skipped += letters.length;
  }),
);
