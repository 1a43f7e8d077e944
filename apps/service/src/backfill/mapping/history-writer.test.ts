import { catalogue2022_06, catalogue2026_07 } from '@braze-mixpanel/core/currents';
import { openStorage, type Storage } from '@braze-mixpanel/storage';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { HistoryWriter } from './history-writer.ts';
import { identityOptions } from './mapping-in-force.ts';

let storage: Storage;
beforeEach(async () => {
  storage = await openStorage('sqlite::memory:');
});
afterEach(() => storage.close());

const logger = pino({ level: 'silent' });
const first = new Map([['main', { catalogueVersion: catalogue2022_06 }]]);
const second = new Map([['main', { catalogueVersion: catalogue2026_07 }]]);

it('Options are written with the moment of their change, and not again at a restart', async () => {
  let now = 1_000;
  const writer = new HistoryWriter({
    history: storage.mappingHistory,
    journal: storage.journal,
    logger,
    now: () => now,
  });
  await writer.write(first);
  now = 2_000;
  await writer.write(first);
  now = 3_000;
  await writer.write(second);
  await writer.close();
  expect(await storage.mappingHistory.list('main')).toEqual([
    { since: 0, options: identityOptions(first.get('main')!) },
    { since: 3_000, options: identityOptions(second.get('main')!) },
  ]);
});

it('The first options of a connection with events of an earlier release are in force from now on', async () => {
  await storage.journal.append({
    ...{ connection: 'main', profile: 'x', receivedAt: 1, events: 1 },
    body: new TextEncoder().encode('{"events":[1]}'),
  });
  const options = { history: storage.mappingHistory, journal: storage.journal, logger, now: () => 1_000 };
  const writer = new HistoryWriter(options);
  await writer.write(new Map([...first, ['other', first.get('main')!]]));
  await writer.close();
  expect(await storage.mappingHistory.list('main')).toMatchObject([{ since: 1_000 }]);
  expect(await storage.mappingHistory.list('other')).toMatchObject([{ since: 0 }]);
});

it('A write that fails is repeated with its own moment', async () => {
  let now = 1_000;
  let failures = 2;
  const writer = new HistoryWriter({
    journal: storage.journal,
    history: {
      ...storage.mappingHistory,
      add: async (connection, mapping) => {
        failures -= 1;
        if (failures >= 0) throw new Error('The disk is full.');
        await storage.mappingHistory.add(connection, mapping);
      },
    },
    ...{ logger, now: () => now, wait: async () => undefined },
  });
  await storage.mappingHistory.add('main', { since: 500, options: 'before' });
  await writer.write(first);
  now = 9_000;
  await vi.waitFor(async () =>
    expect(await storage.mappingHistory.list('main')).toMatchObject([{ since: 500 }, { since: 1_000 }]),
  );
  await writer.close();
});
