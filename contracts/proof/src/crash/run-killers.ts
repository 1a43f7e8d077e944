import { setTimeout as wait } from 'node:timers/promises';
import { startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { openStorage } from '@braze-mixpanel/storage';
import { adminToken, ask, type Counts, countsOf, unaccounted } from '../service/counts.ts';
import { inMegabytes } from '../service/resident.ts';
import { ServiceProcess } from '../service/service-process.ts';
import { deadly, type HeavyBatch, ordinary, storeAll, tinyEvents } from './heavy-batches.ts';
import type { CrashStorage } from './run-crashes.ts';

/**
 * The proof for oversized batches. Batches accepted by an earlier release without limits are in storage: some
 * with very many events, and one that exhausts a heap of 256 MB. The service is restarted after each crash,
 * as an orchestrator would do. It must deliver everything but the deadly batch, which ends up quarantined and
 * pending, and other users must still be found and forgotten. With more memory, and released, that batch must
 * be delivered, too.
 */
export interface KillerOptions {
  readonly storage: CrashStorage;
  /** Number of tiny events in the largest batch. */
  readonly tinyEvents: number;
}

export interface KillerFigures {
  readonly deaths: number;
  readonly events: number;
  readonly peakMB: number;
  /** Slowest answer of `/status` during delivery, crashes excluded. */
  readonly slowestMs: number;
}

/** The memory limit of deploy/kubernetes.yaml. */
const allowedBytes = 512 * 1024 * 1024;
const smallHeapMB = 256;
const largeHeapMB = 2_048;
const mostDeaths = 3;
const timeoutMs = 240_000;

/** @throws Error with every violated condition */
export async function runKillers({ storage, tinyEvents: most }: KillerOptions): Promise<KillerFigures> {
  const killer = deadly('killer', 6_000);
  const others = [
    ...[ordinary('first'), tinyEvents('with-many', 20_000), ordinary('between')],
    ...[tinyEvents('with-most', most), ordinary('last')],
  ];
  const all = [...others.slice(0, 2), killer, ...others.slice(2)];
  const opened = await openStorage(storage.url);
  await storeAll(opened, all);
  await opened.close();
  await using mixpanel = await startMockMixpanel();
  const environment = {
    ...{ STORAGE_URL: storage.url, ADMIN_TOKEN: adminToken, CURRENTS_TOKEN: 'proof-currents-token' },
    ...{ MIXPANEL_API_URL: mixpanel.url, MIXPANEL_TOKEN: 'mixpanel-token', DELIVERY_LEASE: '60s' },
  };
  const events = all.reduce((sum, batch) => sum + batch.events, 0);
  const problems: string[] = [];
  const check = async (counts: Counts, arrived: readonly HeavyBatch[]) => {
    const wrong = unaccounted(counts);
    if (wrong !== undefined) problems.push(wrong);
    if (counts.accepted !== events) problems.push(`${counts.accepted} of ${events} events are accounted for`);
    const ids: string[] = [];
    for await (const page of mixpanel.model.events.readUnique())
      for (const { properties } of page) ids.push(String(properties.$insert_id));
    const wanted = arrived.flatMap(batch => batch.ids);
    if (ids.sort().join() !== wanted.sort().join())
      problems.push(`Mixpanel has ${ids.join()}, and not ${wanted.join()}`);
  };

  let deaths = 0;
  let rest: Rest | undefined;
  while (rest === undefined && deaths <= mostDeaths) {
    await using service = new ServiceProcess(environment, smallHeapMB);
    rest = await untilIdle(service);
    if (rest !== undefined) {
      await lookFor(await service.url, 'a-stranger');
      break;
    }
    deaths += 1;
    await storage.endLeases?.();
  }
  if (rest === undefined) throw new Error(`The service died ${deaths} times and would have gone on.`);
  if (rest.counts.quarantined.batches !== 1 || rest.counts.quarantined.events !== killer.events)
    problems.push(`${rest.counts.quarantined.batches} batches are quarantined, and one was deadly`);
  await check(rest.counts, others);
  if (rest.peakBytes > allowedBytes) problems.push(`${inMegabytes(rest.peakBytes)} MB were resident`);

  await using service = new ServiceProcess(environment, largeHeapMB);
  await ask(await service.url, 'POST', '/api/batches/release', {});
  const end = await untilIdle(service);
  if (end === undefined) problems.push('the deadly batch killed a large heap as well');
  else await check(end.counts, all);
  if (problems.length > 0) throw new Error(problems.join('\n- '));
  return {
    ...{ deaths, events },
    peakMB: inMegabytes(rest.peakBytes),
    slowestMs: Math.round(rest.slowestMs),
  };
}

/** A request that reads everything stored, including the deadly batch. */
async function lookFor(url: string, externalId: string): Promise<void> {
  for (const path of ['/api/trace', '/api/forget']) {
    const { complete } = await ask<{ complete: boolean }>(url, 'POST', path, {
      ...{ externalId, ...(path === '/api/forget' && { confirm: true }) },
    });
    if (!complete) throw new Error(`${path} of a user without events was not complete.`);
  }
}

interface Rest {
  readonly counts: Counts;
  readonly peakBytes: number;
  readonly slowestMs: number;
}

/** Waits until only quarantined batches are pending; `undefined` if the service crashes before. */
async function untilIdle(service: ServiceProcess): Promise<Rest | undefined> {
  const begun = performance.now();
  let slowestMs = 0;
  try {
    const url = await service.url;
    for (;;) {
      const asked = performance.now();
      const counts = await countsOf(url);
      slowestMs = Math.max(slowestMs, performance.now() - asked);
      if (counts.pending.events === counts.quarantined.events)
        return { counts, slowestMs, peakBytes: (await service.peakBytes()) ?? 0 };
      if (performance.now() - begun > timeoutMs)
        throw new Error(`Still ${counts.pending.events} events after ${timeoutMs} ms.`);
      await Promise.race([service.ended, wait(50)]);
    }
  } catch (error) {
    // The connection breaks a moment before the exit is reported.
    await Promise.race([service.ended, wait(5_000)]);
    if (service.alive) throw error;
    return undefined;
  }
}
