import { watch } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { seededRandom } from '@braze-mixpanel/core/currents';
import { type MomentName, type Moments, momentNames } from './moments.ts';
import { type Delivered, World } from './world.ts';

/**
 * The crash proof: kills the service at random moments, repeatedly, under load and with faults of Mixpanel.
 * Then it waits for delivery and checks that nothing is missing or duplicated. `verdict.ts` defines the
 * conditions.
 */
export interface CrashOptions {
  readonly kills: number;
  /**
   * The same seed gives the same load, faults and choice of moments; their interleaving depends on the
   * machine.
   */
  readonly seed: number;
  readonly storage: CrashStorage;
  readonly report?: (sentence: string) => void;
}

export interface CrashStorage {
  readonly url: string;
  /** A file that grows with each write, if there is one. */
  readonly log?: string;
  /** Ends the leases of the killed process, as their expiry would, if leases outlive a crash. */
  readonly endLeases?: () => Promise<void>;
}

export interface CrashFigures extends Delivered {
  readonly kills: number;
  /** Number of kills by moment. */
  readonly killedAt: Readonly<Record<string, number>>;
  readonly crashSeconds: number;
}

/** @throws Error with every violated condition and the seed */
export async function runCrashes(options: CrashOptions): Promise<CrashFigures> {
  const { kills, seed, storage, report = () => undefined } = options;
  const random = seededRandom(seed);
  const killedAt: Record<string, number> = {};
  await using world = await World.start(seed, storage.url);
  const begun = performance.now();
  for (let kill = 1; kill <= kills && world.problems.length === 0; kill++) {
    const service = world.launch();
    // One in ten kills happens during a start, in the middle of the recovery from the previous crash.
    const early = kill > 1 && random() < 0.1;
    let moment = 'starting';
    if (early) await Promise.race([wait(1_000 * random()), service.url]);
    else {
      await service.url;
      await world.look(`after ${kill - 1} kills`);
      moment = await momentToKill(random, world.moments, storage.log);
    }
    await world.kill();
    await storage.endLeases?.();
    killedAt[moment] = (killedAt[moment] ?? 0) + 1;
    report(`${kill} of ${kills} kills (${moment}), ${world.acknowledged} events acknowledged`);
  }
  const crashSeconds = (performance.now() - begun) / 1_000;
  await world.launch().url;
  await world.look('after the last kill');
  return { kills, killedAt, crashSeconds, ...(await world.settle()) };
}

/** Resolves at the chosen moment, or a few milliseconds after it; after two seconds at the latest. */
async function momentToKill(
  random: () => number,
  moments: Moments,
  log: string | undefined,
): Promise<string> {
  const names: (MomentName | 'any')[] = ['any', ...momentNames.filter(name => name !== 'written' || log)];
  const name = names[Math.floor(random() * names.length)]!;
  const count = 1 + Math.floor(random() * 12);
  const after = random() < 0.5 ? 0 : 8 * random();
  if (name === 'any') {
    await wait(600 * random());
    return name;
  }
  const watcher =
    name === 'written' && log !== undefined ? watch(log, () => moments.report('written')) : undefined;
  const { promise, resolve } = Promise.withResolvers<string>();
  const giveUp = moments.at(name, count, () => resolve(name));
  const timer = setTimeout(() => resolve('any'), 2_000);
  const met = await promise;
  clearTimeout(timer);
  giveUp();
  watcher?.close();
  if (after > 0) await wait(after);
  return met;
}
