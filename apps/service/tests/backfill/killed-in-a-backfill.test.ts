import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CurrentsEvent,
  catalogue2026_07,
  sampleEvent,
  seededRandom,
} from '@braze-mixpanel/core/currents';
import { writeCurrentsFile } from '@braze-mixpanel/currents-files';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BackfillJson } from '../../src/http/backfill-endpoints.ts';
import { FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { asOperator } from '../../src/testing/running-service.ts';
import { ServiceProcess } from '../../src/testing/service-process.ts';

const type = 'users.messages.email.Open';
const [files, eventsOfFile] = [16, 2_000];
/** Each after at least one more step of 2,000 events. */
const kills = 10;

let folder: string;
let mixpanel: FakeMixpanel;
let environment: Record<string, string>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backfill-killed-'));
  mixpanel = await FakeMixpanel.start();
  environment = {
    ADMIN_TOKEN: 'test-admin-token',
    PORT: '0',
    STORAGE_URL: `sqlite:${join(folder, 'service.db')}`,
    CURRENTS_TOKEN: 'test-currents-token',
    MIXPANEL_TOKEN: 'test-project-token',
    MIXPANEL_API_URL: mixpanel.url,
    DELIVERY_LEASE: '1s',
  };
});
afterEach(async () => {
  await mixpanel[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function writeFiles(): Promise<CurrentsEvent[]> {
  const random = seededRandom(1);
  const entry = catalogue2026_07.byType.get(type)!;
  const time = Math.floor(Date.now() / 1_000) - 3_600;
  const events = Array.from({ length: files * eventsOfFile }, (_, index) =>
    sampleEvent(entry, { random, time, externalUserId: `user-${index}` }),
  );
  for (let file = 0; file < files; file++) {
    const own = events.slice(file * eventsOfFile, (file + 1) * eventsOfFile);
    await writeFile(join(folder, `${file}.avro`), await writeCurrentsFile(type, own, { codec: 'deflate' }));
  }
  return events;
}

const show = async (url: string): Promise<BackfillJson> =>
  (await (await fetch(`${url}/api/backfills/1`, { headers: asOperator })).json()) as BackfillJson;
const until = (url: string, wanted: (job: BackfillJson) => boolean) =>
  vi.waitFor(
    async () => {
      const job = await show(url);
      if (!wanted(job)) throw new Error(JSON.stringify(job.report.events));
      return job;
    },
    { timeout: 30_000, interval: 5 },
  );

describe('a back-fill whose process is killed', { timeout: 120_000 }, () => {
  it('accepts each event once, and delivers all of them', async () => {
    const events = await writeFiles();
    let accepted = 0;
    for (let kill = 0; kill < kills; kill++) {
      const { process, url } = await ServiceProcess.serve(environment);
      await using _ = process;
      if (kill === 0)
        await fetch(`${url}/api/backfills`, {
          method: 'POST',
          headers: asOperator,
          body: JSON.stringify({ source: folder }),
        });
      const seen = await until(url, job => job.report.events.accepted > accepted || job.state === 'done');
      accepted = seen.report.events.accepted;
      await process.end('SIGKILL');
    }
    const { process, url } = await ServiceProcess.serve(environment);
    await using _ = process;
    const { report, delivery } = await until(url, job => job.state === 'done' && job.delivery.pending === 0);
    expect(report.events.accepted).toBe(events.length);
    expect(delivery).toMatchObject({ accepted: events.length, imported: events.length });
    expect(new Set(mixpanel.unique.keys())).toEqual(new Set(events.map(({ id }) => id)));
  });

  it('runs from the command line, in a running service or alone, and does nothing the second time', async () => {
    const events = await writeFiles();
    const alone = await ServiceProcess.run(environment, 'backfill', folder, '--json');
    expect(alone.stderr).toMatch(/events/);
    expect(JSON.parse(alone.stdout.join('\n'))).toMatchObject({
      state: 'done',
      report: { events: { accepted: events.length } },
      delivery: { imported: events.length, pending: 0 },
    });
    const { process, url } = await ServiceProcess.serve(environment);
    await using _ = process;
    const { port } = new URL(url);
    const again = await ServiceProcess.run({ ...environment, PORT: port }, 'backfill', folder);
    expect(again.stdout.join('\n')).toMatch(/accepted +0\n/);
    expect(again.stdout.join('\n')).toContain(`0 read, ${files} read before`);
    for (const line of again.stdout) expect(line.length).toBeLessThanOrEqual(80);
    const detached = await ServiceProcess.run(
      { ...environment, PORT: port },
      ...['backfill', folder, '--dry-run', '--detach'],
    );
    expect(detached.stdout).toEqual([
      'Dry run 3 was started in the service. Show its result with: backfill show 3',
    ]);
    const list = await ServiceProcess.run({ ...environment, PORT: port }, 'backfill', 'list');
    expect(list.stdout.join('\n')).toMatch(/^id +connection +kind +state/);
    const wrong = await ServiceProcess.run({ ...environment, PORT: port }, 'backfill', 'pause', '2');
    expect(wrong.stderr).toBe(
      'The back-fill was not changed. Back-fill 2 is already done, so it cannot be\npaused.\n',
    );
    expect(wrong.child.exitCode).toBe(1);
  });
});
