import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startServiceProcess } from '../ingest/service-process.ts';
import { startChild } from '../measure/child.ts';
import { type ProcessUsage, processUsage } from '../measure/process-usage.ts';
import { asOperator, cohortEnvironment, isAtRest, webhook } from './measure-cohorts.ts';
import type { FromSimulators } from './simulators-process.ts';

export interface LedgerFigures {
  members: number;
  /** Seconds from the last pushed page to the end of the run. */
  runSeconds: number;
  /** Milliseconds until the first page of 1,000 members has come: median and worst of 20 requests. */
  firstPageMs: number;
  worstPageMs: number;
  /** Seconds for all pages of 1,000 members, one after the other. */
  allSeconds: number;
  service: ProcessUsage | undefined;
}

const pageSize = 1_000;
const requests = 20;

/**
 * The ledger of a run in which no member matches a user of Braze: a list of `members` is pushed to the real service
 * process, and its ledger is read over HTTP.
 */
export async function measureLedger(members: number, timeoutMs: number): Promise<LedgerFigures> {
  const signal = AbortSignal.timeout(timeoutMs);
  const folder = await mkdtemp(join(tmpdir(), 'bench-ledger-'));
  try {
    const file = new URL('./simulators-process.ts', import.meta.url);
    await using simulators = startChild<FromSimulators>(file, ['0']);
    const { mixpanel, braze } = await simulators.next(message => message.kind === 'ready', signal);
    await using service = await startServiceProcess({
      profileFolder: undefined,
      environment: {
        STORAGE_URL: `sqlite:${join(folder, 'service.db')}`,
        CURRENTS_TOKEN: 'bench-token',
        MIXPANEL_API_URL: mixpanel,
        LOG_LEVEL: 'warn',
        ...cohortEnvironment(mixpanel, braze),
      },
    });
    await push(`${service.url}/webhooks/mixpanel/default`, members, signal);
    const pushed = performance.now();
    while (!(await isAtRest(service.url))) await wait(20, undefined, { signal });
    const runSeconds = (performance.now() - pushed) / 1_000;
    const ledger = `${service.url}/api/cohorts/12345/members?limit=${pageSize}`;
    const took: number[] = [];
    for (let count = 0; count < requests; count += 1) took.push((await timed(ledger, signal)).ms);
    took.sort((one, other) => one - other);
    const begun = performance.now();
    let read = 0;
    for (let next: string | null = ''; next !== null; ) {
      const page = await timed(next === '' ? ledger : `${ledger}&after=${next}`, signal);
      read += page.members.length;
      next = page.next;
    }
    if (read !== members) throw new Error(`The ledger lists ${read} of ${members} members.`);
    return {
      ...{ members, runSeconds, firstPageMs: took[requests / 2]!, worstPageMs: took.at(-1)! },
      allSeconds: (performance.now() - begun) / 1_000,
      service: await processUsage(service.pid),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Pushes a full list of anonymous members. */
async function push(url: string, members: number, signal: AbortSignal): Promise<void> {
  const authorization = `Basic ${Buffer.from(`${webhook.username}:${webhook.password}`).toString('base64')}`;
  const total = Math.ceil(members / pageSize);
  for (let page = 1; page <= total; page += 1) {
    const from = (page - 1) * pageSize;
    const parameters = {
      ...{ mixpanel_cohort_id: '12345', mixpanel_cohort_name: 'Bench', mixpanel_session_id: 's1' },
      page_info: { total_pages: total, page_count: page },
      members: Array.from({ length: Math.min(pageSize, members - from) }, (_, index) => ({
        mixpanel_distinct_id: `$device:${String(from + index).padStart(20, '0')}`,
      })),
    };
    const body = JSON.stringify({ action: 'members', parameters });
    const headers = { authorization, 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body, signal });
    if (!response.ok) throw new Error(`Page ${page} was answered with ${response.status}.`);
    await response.arrayBuffer();
  }
}

async function timed(url: string, signal: AbortSignal) {
  const begun = performance.now();
  const response = await fetch(url, { headers: asOperator, signal });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  const page = (await response.json()) as { members: unknown[]; next: string | null };
  return { ...page, ms: performance.now() - begun };
}
