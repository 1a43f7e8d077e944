import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { OutOfTime, startChild } from '../measure/child.ts';
import { type ProcessUsage, processUsage } from '../measure/process-usage.ts';
import { startServer } from '../measure/server-process.ts';
import { bundle, repository, sources } from '../start/subjects.ts';
import type { FromExport } from './export-process.ts';

export interface ReconcileOptions {
  /** Events in Mixpanel, over {@link reconciledDays}. */
  events: number;
  /** Starts the service from its sources, not as the bundle of the image. */
  fromSources: boolean;
  /** Folder for a CPU profile of each thread of the service. */
  profileFolder: string | undefined;
  timeoutMs: number;
}

export interface ReconcileFigures {
  events: number;
  seconds: number;
  /** Of the service process; absent if the platform does not report it. */
  service: ProcessUsage | undefined;
}

/** Most days of a report. */
export const reconciledDays = 31;
const token = 'a-token-of-the-benchmark';
const pollMs = 200;

/** A report of 31 days by the real service process, whose raw export has these events. @throws Error if one is missing */
export async function measureReconcile(options: ReconcileOptions): Promise<ReconcileFigures> {
  const { timeoutMs, fromSources, profileFolder } = options;
  const signal = AbortSignal.timeout(timeoutMs);
  const eventsOfDay = Math.ceil(options.events / reconciledDays);
  const entry = fromSources ? sources('apps/service/src/main.ts') : [await bundle('service')];
  const profile = profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`];
  const folder = await mkdtemp(join(tmpdir(), 'bench-reconcile-'));
  try {
    await using mixpanel = startChild<FromExport>(new URL('./export-process.ts', import.meta.url), [
      String(eventsOfDay),
    ]);
    const { port } = await mixpanel.next(isListening, signal);
    const url = `http://127.0.0.1:${port}`;
    await using service = await startServer([...profile, ...entry], {
      cwd: repository,
      environment: {
        ...{
          STORAGE_URL: `sqlite:${join(folder, 'service.db')}`,
          ADMIN_TOKEN: token,
          CURRENTS_TOKEN: `${token}-of-braze`,
        },
        ...{ MIXPANEL_SERVICE_ACCOUNT: 'a', MIXPANEL_SERVICE_SECRET: 'b', MIXPANEL_PROJECT_ID: '1' },
        ...{ MIXPANEL_API_URL: url, MIXPANEL_QUERY_URL: url, MIXPANEL_EXPORT_URL: url },
      },
    });
    const begun = performance.now();
    const report = await reportOf(service.url, signal);
    const seconds = (performance.now() - begun) / 1_000;
    const exported = sum(report.rows.map(({ columns }) => columns.mixpanelUnique.events ?? 0));
    if (exported !== eventsOfDay * reconciledDays)
      throw new Error(
        `The report has ${exported} events of ${eventsOfDay * reconciledDays}: ${report.notKnown}`,
      );
    return { events: exported, seconds, service: await processUsage(service.pid) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const isListening = (message: FromExport): message is FromExport => message.kind === 'listening';

interface Report {
  readonly notKnown: readonly string[];
  readonly rows: readonly { readonly columns: { readonly mixpanelUnique: { readonly events?: number } } }[];
}

interface Answer {
  readonly state: string;
  readonly problem: string | null;
  readonly report: Report | null;
}

async function reportOf(url: string, signal: AbortSignal): Promise<Report> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const range = { from: '2026-01-01', to: '2026-01-31' };
  const begun = await fetch(`${url}/api/reconcile`, { method: 'POST', headers, body: JSON.stringify(range) });
  const { id } = (await begun.json()) as { id: number };
  while (!signal.aborted) {
    const answer = await fetch(`${url}/api/reconcile/${id}`, { headers });
    const { state, problem, report } = (await answer.json()) as Answer;
    if (report !== null) return report;
    if (state !== 'running') throw new Error(`The report is ${state}: ${problem}`);
    await pause(pollMs);
  }
  throw new OutOfTime('The report did not end in time; increase --timeout');
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
