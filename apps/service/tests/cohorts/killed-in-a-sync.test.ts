import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningMockBraze, startMockBraze } from '@braze-mixpanel/mock-braze';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SyncJson } from '../../src/cohorts/syncs/sync-json.ts';
import { asOperator } from '../../src/testing/running-service.ts';
import { ServiceProcess } from '../../src/testing/service-process.ts';

const ids = (count: number) => Array.from({ length: count }, (_, n) => `user-${String(n).padStart(5, '0')}`);

let folder: string;
let braze: RunningMockBraze;
let environment: Record<string, string>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cohort-kill-'));
  braze = await startMockBraze({ state: { users: ids(12_000).map(external_id => ({ external_id })) } });
  environment = {
    ADMIN_TOKEN: 'test-admin-token',
    PORT: '0',
    STORAGE_URL: `sqlite:${join(folder, 'service.db')}`,
    CURRENTS_TOKEN: 'test-currents-token',
    MIXPANEL_TOKEN: 'test-project-token',
    BRAZE_REST_URL: braze.url,
    BRAZE_DATA_IMPORT_KEY: 'braze-data-import-key',
    BRAZE_PARTNER_API_KEY: 'braze-partner-key',
    DELIVERY_RETRY_BASE: '5ms',
  };
});
afterEach(async () => {
  await braze.close();
  await rm(folder, { recursive: true, force: true });
});

async function push(url: string, members: string[], session: string): Promise<void> {
  const total = Math.max(1, Math.ceil(members.length / 1_000));
  for (let page = 1; page <= total; page++) {
    const parameters = {
      mixpanel_cohort_name: 'Power users',
      mixpanel_cohort_id: '12345',
      mixpanel_session_id: session,
      page_info: { total_pages: total, page_count: page },
      members: members.slice((page - 1) * 1_000, page * 1_000).map(id => ({ mixpanel_distinct_id: id })),
    };
    const answer = await fetch(`${url}/webhooks/mixpanel/default`, {
      method: 'POST',
      body: JSON.stringify({ action: 'members', parameters }),
    });
    expect(answer.status).toBe(200);
  }
}

const sync = async (url: string): Promise<SyncJson | undefined> => {
  const answer = await fetch(`${url}/api/cohorts`, { headers: asOperator });
  return ((await answer.json()) as { cohorts: SyncJson[] }).cohorts[0];
};
const rested = (url: string, members: number) =>
  vi.waitFor(
    async () =>
      expect(await sync(url)).toMatchObject({ running: false, brazeMembers: members, problem: null }),
    { timeout: 15_000, interval: 20 },
  );
const inBraze = async (): Promise<string[]> => {
  const list = (await (await fetch(`${braze.url}/_sim/cohorts`)).json()) as { members: string[] }[];
  return list[0]?.members.sort() ?? [];
};
const sent = () => braze.simulator.journal.list({ route: 'partner-cohorts-users', limit: 1_000 }).length;

describe('a service that is killed in the middle of a cohort', () => {
  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'by %s finishes it after the restart, before a newer list is compared',
    async signal => {
      const first = await ServiceProcess.serve(environment);
      await using killed = first.process;
      await push(first.url, ids(2_000), 's1');
      await rested(first.url, 2_000);

      // Slow enough for the kill to be between the first and the last of twelve requests.
      const before = sent();
      braze.simulator.faults.add({ route: 'partner-cohorts-users', kind: 'latency', milliseconds: 150 });
      await push(first.url, ids(12_000), 's2');
      await vi.waitFor(() => expect(sent()).toBeGreaterThan(before), { timeout: 5_000, interval: 5 });
      await killed.end(signal);
      expect((await inBraze()).length).toBeLessThan(12_000);
      braze.simulator.faults.clear();

      const second = await ServiceProcess.serve(environment);
      await using restarted = second.process;
      await push(second.url, ids(7_000), 's3');
      await rested(second.url, 7_000);
      expect(await inBraze()).toEqual(ids(7_000));
      expect(await restarted.end('SIGTERM')).toBe(0);
    },
  );
});
