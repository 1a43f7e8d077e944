import { join } from 'node:path';
import { startServiceProcess } from '../ingest/service-process.ts';
import type { ServerProcess } from '../measure/server-process.ts';

const token = 'bench-token';
const authorization = 'Bearer bench-admin-token';

/** The real service process, for back-fills and live events of all types of 2026-07. */
export interface BenchService extends ServerProcess {
  /** Of live batches. */
  readonly token: string;
}

let services = 0;

/** @param folder of its file, which no other service of the run uses @param sinkPort in place of Mixpanel */
export async function startBenchService(
  folder: string,
  sinkPort: number,
  profileFolder?: string,
): Promise<BenchService> {
  services += 1;
  const process = await startServiceProcess({
    environment: {
      ...{ STORAGE_URL: `sqlite:${join(folder, `${services}.db`)}`, CURRENTS_TOKEN: token },
      ...{ ADMIN_TOKEN: 'bench-admin-token', MIXPANEL_TOKEN: 'mixpanel-token' },
      ...{ MIXPANEL_API_URL: `http://127.0.0.1:${sinkPort}`, CURRENTS_GENERATION: '2026-07' },
      ...{ LOG_LEVEL: 'warn' },
    },
    profileFolder,
  });
  return Object.assign(process, { token });
}

interface Job {
  readonly state: string;
  readonly delivery: { readonly accepted: number; readonly imported: number };
}

/** Starts a back-fill of a source. */
export async function startBackfill({ url }: ServerProcess, source: string, signal: AbortSignal) {
  const headers = { authorization, 'content-type': 'application/json' };
  const created = await fetch(`${url}/api/backfills`, {
    ...{ method: 'POST', headers, signal, body: JSON.stringify({ source }) },
  });
  if (created.status !== 201) throw new Error(`The back-fill was not started: ${await created.text()}`);
  const { id } = (await created.json()) as { id: number };
  const show = async () =>
    (await (await fetch(`${url}/api/backfills/${id}`, { headers, signal })).json()) as Job;
  return { show };
}
