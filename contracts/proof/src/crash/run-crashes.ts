import { watch } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { seededRandom } from '@braze-mixpanel/core/currents';
import { type MomentName, type Moments, momentNames } from './moments.ts';
import { type Delivered, World } from './world.ts';

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
  /** Where leases outlive a crash: ends those of the process that died, as time would. */
  readonly endLeases?: () => Promise<void>;
}

export interface CrashFigures extends Delivered {
  readonly kills: number;
  /** Kills by the moment in which they fell. */
  readonly killedAt: Readonly<Record<string, number>>;
  readonly crashSeconds: number;
}

/** @throws Error with every sentence of what does not hold, and the seed */
export async function runCrashes(options: CrashOptions): Promise<CrashFigures> {
  const { kills, seed, storage, report = () => undefined } = options;
  const random = seededRandom(seed);
  const killedAt: Record<string, number> = {};
  await using world = await World.start(seed, storage.url);
  const begun = performance.now();
  for (let kill = 1; kill <= kills && world.problems.length === 0; kill++) {
    const service = world.launch();
    // One in ten dies while it starts, in the middle of what it does about the crash before.
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

/** Resolves within the moment that was drawn, or a few milliseconds after it; after two seconds in any case. */
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
    name === 'written' && log !== undefined ? watch(log, () => moments.tell('written')) : undefined;
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
