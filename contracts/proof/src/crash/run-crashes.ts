import { type FSWatcher, watch } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { seededRandom } from '@braze-mixpanel/core/currents';
import { adminToken, ask, type Counts, countsOf, untilCounts } from '../service/counts.ts';
import { ServiceProcess } from '../service/service-process.ts';
import { batches } from './batches.ts';
import { Braze } from './braze.ts';
import { type TroubledMixpanel, troubledMixpanel } from './mixpanel.ts';
import { type MomentName, Moments, momentNames } from './moments.ts';
import { type CrashFigures, problemsOfCounts, problemsOfEnd } from './verdict.ts';

/**
 * Kills the service at random again and again, under load and with Mixpanel in trouble, then lets it drain and looks whether anything
 * is missing or doubled. `verdict.ts` says what must hold.
 */
export interface CrashOptions {
  readonly kills: number;
  /** The same seed gives the same load, troubles and choice of moments; what meets what is up to the machine. */
  readonly seed: number;
  readonly storage: CrashStorage;
  readonly report?: (sentence: string) => void;
}

export interface CrashStorage {
  readonly url: string;
  /** A file that grows when something is written, where there is one. */
  readonly log?: string;
  /** Where leases outlive a crash: ends those of processes that died. */
  readonly endLeases?: () => Promise<void>;
}

const token = 'proof-currents-token';
const lanes = 4;
const mostEvents = 60;
const drainMs = 120_000;

/** @throws Error with every sentence of what does not hold, and the seed */
export async function runCrashes(options: CrashOptions): Promise<CrashFigures> {
  const { kills, seed, storage, report = () => undefined } = options;
  const random = seededRandom(seed);
  const moments = new Moments();
  const problems: string[] = [];
  const killedAt: Record<string, number> = {};
  await using mixpanel = await troubledMixpanel(seed, seededRandom(seed + 1), moments);
  const environment = environmentOf(storage.url, mixpanel.url);
  await using service = new Resource<ServiceProcess>();
  let url: string | undefined;
  const braze = new Braze({
    ...{ lanes, token, moments },
    random: seededRandom(seed + 2),
    next: batches(seededRandom(seed + 3), mostEvents),
    address: () => url,
  });
  await using _braze = { [Symbol.asyncDispose]: () => braze.stop() };
  let before: Counts | undefined;

  const look = async (at: string, when: string) => {
    const acknowledged = braze.acknowledged;
    const counts = await countsOf(at);
    const found = problemsOfCounts(counts, before, { acknowledged, attempted: braze.attempted });
    problems.push(...found.map(problem => `${when}: ${problem}`));
    before = counts;
  };

  const begun = performance.now();
  for (let kill = 1; kill <= kills && problems.length === 0; kill++) {
    service.value = new ServiceProcess(environment);
    // One in ten dies while it starts, in the middle of what it does about the crash before.
    if (kill > 1 && random() < 0.1) {
      await Promise.race([wait(600 * random()), service.value.url]);
      killedAt.starting = (killedAt.starting ?? 0) + 1;
      await service.value.kill();
      continue;
    }
    url = await service.value.url;
    await look(url, `after ${kill - 1} kills`);
    const moment = await momentToKill(random, moments, storage.log);
    const killed = service.value.kill();
    url = undefined;
    await killed;
    killedAt[moment] = (killedAt[moment] ?? 0) + 1;
    report(`${kill} of ${kills} kills (${moment}), ${braze.acknowledged} events acknowledged`);
  }
  const crashSeconds = (performance.now() - begun) / 1_000;

  const troubles = mixpanel.recover();
  await storage.endLeases?.();
  service.value = new ServiceProcess(environment);
  url = await service.value.url;
  await look(url, 'after the last kill');
  await braze.drain();
  const drained = await settle(url, mixpanel);
  problems.push(...problemsOfEnd({ braze, ...drained }));
  if (problems.length > 0) throw new Error([`With seed ${seed}:`, ...problems].join('\n- '));
  return {
    kills,
    killedAt,
    troubles,
    crashSeconds,
    seed,
    batches: braze.batches.length,
    requests: braze.requests,
    events: braze.batches.reduce((sum, { events }) => sum + events.length, 0),
    accepted: drained.counts.accepted,
    imported: drained.counts.imported,
    stored: mixpanel.events.raw,
    unique: mixpanel.events.unique,
    replayed: drained.replayed,
  };
}

/** Waits until nothing is pending, replays what Mixpanel refused at random, and waits again. */
async function settle(url: string, mixpanel: TroubledMixpanel) {
  const idle = (counts: Counts) => counts.pending.events === 0;
  await untilCounts(url, idle, drainMs);
  const { replayed } = await ask<{ replayed: number }>(url, 'POST', '/api/dead-letters/replay', {
    connection: 'default',
    reason: 'refused_by_mixpanel',
  });
  const counts = await untilCounts(url, idle, drainMs);
  return { counts, replayed, ids: await mixpanel.ids(), inMixpanel: mixpanel.events };
}

function environmentOf(storageUrl: string, mixpanel: string): Record<string, string> {
  return {
    STORAGE_URL: storageUrl,
    ADMIN_TOKEN: adminToken,
    CURRENTS_TOKEN: token,
    MIXPANEL_API_URL: mixpanel,
    MIXPANEL_TOKEN: 'mixpanel-token',
    DELIVERY_CONCURRENCY: '4',
    DELIVERY_TIMEOUT: '1s',
    DELIVERY_RETRY_BASE: '5ms',
    DELIVERY_RETRY_MAX: '40ms',
    DELIVERY_PARK: '40ms',
  };
}

/** Resolves within the moment that was drawn, or a few milliseconds after it; after three seconds in any case. */
async function momentToKill(
  random: () => number,
  moments: Moments,
  log: string | undefined,
): Promise<string> {
  const names: (MomentName | 'any')[] = ['any', ...momentNames.filter(name => name !== 'written' || log)];
  const name = names[Math.floor(random() * names.length)]!;
  const count = 1 + Math.floor(random() * 25);
  const after = random() < 0.5 ? 0 : 8 * random();
  if (name === 'any') {
    await wait(600 * random());
    return name;
  }
  const watcher: FSWatcher | undefined =
    name === 'written' && log !== undefined ? watch(log, () => moments.tell('written')) : undefined;
  const { promise, resolve } = Promise.withResolvers<string>();
  const giveUp = moments.at(name, count, () => resolve(name));
  const timer = setTimeout(() => resolve('any'), 3_000);
  const met = await promise;
  clearTimeout(timer);
  giveUp();
  watcher?.close();
  if (after > 0) await wait(after);
  return met;
}

/** What is there may change; the last one is disposed of. */
class Resource<Value extends AsyncDisposable> implements AsyncDisposable {
  value: Value | undefined;

  async [Symbol.asyncDispose](): Promise<void> {
    await this.value?.[Symbol.asyncDispose]();
  }
}
