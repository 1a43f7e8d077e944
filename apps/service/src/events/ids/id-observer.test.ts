import type { IdSummaries, StoredIdSummary } from '@braze-mixpanel/storage';
import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { Activity } from '../../clock/activity.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { IdObserver, oldestDay } from './id-observer.ts';

const now = Date.parse('2026-01-31T12:00:00Z');
const seconds = now / 1_000;

/** Summaries in memory; `before` runs between a read and the write that follows it. */
class Store implements IdSummaries {
  rows: StoredIdSummary[] = [];
  before = async (): Promise<unknown> => undefined;

  async list(connection: string) {
    return this.rows.filter(row => row.connection === connection);
  }
  async put(next: StoredIdSummary) {
    await this.before();
    const at = this.rows.findIndex(row => row.connection === next.connection && row.day === next.day);
    if ((this.rows[at]?.revision ?? 0) !== next.revision) return false;
    const written = { ...next, revision: next.revision + 1 };
    if (at === -1) this.rows.push(written);
    else this.rows[at] = written;
    return true;
  }
  dropBefore = async () => 0;
}

let store: Store;
let clock: ManualClock;
let forgotten: Set<string>;
beforeEach(() => {
  forgotten = new Set();
  store = new Store();
  clock = new ManualClock(now);
});

const observer = () =>
  new IdObserver({
    ...{ store, clock, activity: new Activity(), logger: pino({ level: 'silent' }) },
    forgotten: async () => {
      const now = new Set(forgotten);
      return id => now.has(id);
    },
  });
const events = (distinctId: string, count: number, time = seconds) =>
  Array.from({ length: count }, () => ({ distinctId, time }));
async function today(of: IdObserver) {
  const summaries = await of.summaries('default');
  return summaries.find(({ day }) => day === '2026-01-31')?.summary;
}

describe('the user ids of delivered events', () => {
  it('are counted by the day of the event, from yesterday to tomorrow, without empty ids', async () => {
    const ids = observer();
    ids.observe('default', events('', 3));
    for (const days of [-2, -1, 0, 1, 2]) ids.observe('default', events('ada', 1, seconds + days * 86_400));
    const days = await ids.summaries('default');
    expect(days.map(({ day, summary }) => [day, summary.heaviest(5)])).toEqual([
      ['2026-01-30', [['ada', 1]]],
      ['2026-01-31', [['ada', 1]]],
      ['2026-02-01', [['ada', 1]]],
    ]);
    expect(await ids.summaries('other')).toEqual([]);
  });

  it('are stored by the clock, and the counts of all replicas are one summary', async () => {
    const [first, second] = [observer(), observer()];
    first.observe('default', events('ada', 2));
    second.observe('default', [...events('ada', 3), ...events('Grüße 🌳 \u0000 \ud800', 1)]);
    expect(store.rows).toEqual([]);
    await clock.advance(300_000);
    for (const each of [first, second, observer()]) {
      const summary = await today(each);
      expect(summary?.heaviest(5)).toEqual([
        ['ada', 5],
        ['Grüße 🌳 \u0000 \ud800', 1],
      ]);
      expect([summary?.events, summary?.ids]).toEqual([6, 2]);
    }
    expect(store.rows[0]!.text).toMatch(/^[ -~]*$/);
  });

  it('are merged again if another replica writes in between', async () => {
    const [first, second] = [observer(), observer()];
    first.observe('default', events('ada', 2));
    second.observe('default', events('ada', 3));
    store.before = () => {
      store.before = async () => undefined;
      return second.store();
    };
    await first.store();
    expect((await today(observer()))?.heaviest(1)).toEqual([['ada', 5]]);
  });

  it('stay in memory while storage fails', async () => {
    const ids = observer();
    ids.observe('default', events('ada', 2));
    store.before = () => Promise.reject(new Error('storage is full'));
    await expect(ids.store()).rejects.toThrow('storage is full');
    ids.observe('default', events('ada', 1));
    expect((await today(ids))?.heaviest(1)).toEqual([['ada', 3]]);
    store.before = async () => undefined;
    await ids.close();
    expect((await today(observer()))?.heaviest(1)).toEqual([['ada', 3]]);
  });

  it('are without a forgotten one, also where another replica still has it in memory', async () => {
    const [first, second] = [observer(), observer()];
    first.observe('default', [...events('ada', 4), ...events('grace', 1)]);
    await first.store();
    first.observe('default', events('ada', 1));
    second.observe('default', events('ada', 1, seconds - 86_400));
    forgotten.add('ada');
    await first.removeForgotten(['default']);
    await Promise.all([first.store(), second.store()]);
    const left = await observer().summaries('default');
    expect(left.flatMap(({ summary }) => [...summary.heaviest(9).flat(), ...summary.sample])).toEqual([
      ...['grace', 1, 'grace'],
    ]);
    expect(JSON.stringify(store.rows)).not.toContain('ada');
  });

  it('are without one who is forgotten while another replica stores what it counted', async () => {
    const [first, second] = [observer(), observer()];
    second.observe('default', events('ada', 1));
    store.before = async () => {
      store.before = async () => undefined;
      forgotten.add('ada');
      await first.removeForgotten(['default']);
    };
    await second.store();
    expect(JSON.stringify(store.rows)).not.toContain('ada');
  });

  it('are without any of those who were ever forgotten, and storage has no digest of an id', async () => {
    const ids = observer();
    for (let at = 0; at < 1_500; at++) {
      ids.observe('default', events(`user-${at}`, 1));
      forgotten.add(`user-${at}`);
    }
    ids.observe('default', events('grace', 1));
    const summary = await today(ids);
    expect([summary?.heaviest(9), summary?.events]).toEqual([[['grace', 1]], 1_501]);
    await ids.removeForgotten(['default']);
    await ids.store();
    for (const { text } of store.rows) expect(text).not.toMatch(/user-|[0-9a-f]{16}/);
  });

  it('are not used after the day that follows their own', async () => {
    const ids = observer();
    ids.observe('default', events('ada', 1));
    await ids.store();
    expect([oldestDay(now), oldestDay(now + 86_400_000)]).toEqual(['2026-01-30', '2026-01-31']);
    await clock.advance(2 * 86_400_000);
    expect(await ids.summaries('default')).toEqual([]);
  });
});
