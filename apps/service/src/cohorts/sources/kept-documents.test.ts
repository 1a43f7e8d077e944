import type { CohortStore } from '@braze-mixpanel/storage';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../testing/manual-clock.ts';
import { documentVersion } from '../syncs/stored-documents.ts';
import { ListedCohorts } from './listed-cohorts.ts';
import { QueryBudget } from './query-budget.ts';
import type { QueryClient } from './query-client.ts';

const clock = new ManualClock();
const now = clock.now();

/**
 * The state of the query API with these documents in storage: the list of cohorts, and the budget of two
 * queries an hour.
 */
function connected(stored: Record<string, string>) {
  const documents = new Map(Object.entries(stored));
  const store = {
    documents: async () => [...documents].map(([key, text]) => ({ key, text })),
    commit: async (change: { documents?: readonly { key: string; text: string | null }[] }) => {
      for (const { key, text } of change.documents ?? []) documents.set(key, text ?? '');
    },
  } as unknown as CohortStore;
  const client = {
    list: async () => [{ id: '8', name: 'Sellers', count: 4 }],
  } as unknown as QueryClient;
  const listed = new ListedCohorts({ connection: 'default', client, store, clock });
  const budget = new QueryBudget({ connection: 'default', limit: 2, store, clock, reads: () => true });
  const stop = new AbortController().signal;
  return { documents, list: () => listed.get(stop), take: (sync: string) => budget.take({ sync }), budget };
}

/** As stored by release 0.1. */
const list = `{"at":${now},"cohorts":[{"id":"7","name":"Buyers","count":3}]}`;
const uses = `[${now},${now}]`;
const line = '[{"sync":"default:7","need":2,"keeps":true}]';

describe('the stored list of cohorts and the stored budget', () => {
  it('of an earlier release are read', async () => {
    const {
      list: get,
      take,
      budget,
    } = connected({
      'cohort-list:default': list,
      'queries:default': uses,
      'queries-line:default': line,
    });
    expect(await get()).toEqual([{ id: '7', name: 'Buyers', count: 3 }]);
    expect(await budget.waits('default:7')).toBe(true);
    expect(await take('default:8')).toMatchObject({ granted: false });
  });

  it('of this release are read as they are written', async () => {
    const before = connected({});
    await before.list();
    for (const sync of ['default:1', 'default:2', 'default:3']) await before.take(sync);
    const after = connected(Object.fromEntries(before.documents));
    expect(await after.list()).toEqual([{ id: '8', name: 'Sellers', count: 4 }]);
    expect(await after.budget.waits('default:3')).toBe(true);
    expect(after.documents).toEqual(before.documents);
  });

  it.each(['cohort-list:default', 'queries:default', 'queries-line:default'])(
    'of a later version, or damaged, are refused with a sentence that names the document: %s',
    async key => {
      const read = (text: string) => {
        const { list: get, take } = connected({ [key]: text });
        return key === 'cohort-list:default' ? get() : take('default:7');
      };
      await expect(read(JSON.stringify({ version: documentVersion + 1 }))).rejects.toMatchObject({
        code: 'cohort_document_newer',
        message: expect.stringContaining(`${key} has version ${documentVersion + 1}`),
      });
      for (const text of ['', '{', 'null', '{"at":"now"}', '[{}]'])
        await expect(read(text)).rejects.toMatchObject({
          code: 'cohort_document_damaged',
          message: expect.stringContaining(key),
        });
    },
  );
});
