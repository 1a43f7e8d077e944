import { setTimeout as wait } from 'node:timers/promises';
import { seededRandom } from '@braze-mixpanel/core/currents';
import type { ServiceProcess } from '../service/service-process.ts';
import { crashStorage } from './crash-storage.ts';
import { deathLine, waysToDie } from './dying-thread.ts';
import { met } from './run-storms.ts';
import { type Delivered, World } from './world.ts';

export interface ThreadDeathOptions {
  readonly deaths: number;
  readonly seed: number;
  readonly report?: (sentence: string) => void;
}

export interface ThreadDeathFigures extends Delivered {
  /** Number of deaths by way. */
  readonly deaths: Readonly<Record<string, number>>;
  /** Deaths that ended the whole process, which was started again. */
  readonly exits: number;
}

/** Limit of each thread's heap. */
const heapMB = 128;

/** What the service logs when it notices a death. */
const sentence = 'The storage thread ended by itself';

/**
 * The proof for dying threads. The thread that owns the SQLite file dies under load, in the middle of
 * transactions too: it exits, or its heap is exhausted. The process must go on with another thread, or exit, after
 * which it is started again as an orchestrator would do. Nothing may be lost or duplicated.
 *
 * @throws Error with every violated condition and the seed
 */
export async function runThreadDeaths({
  deaths,
  seed,
  report = () => undefined,
}: ThreadDeathOptions): Promise<ThreadDeathFigures> {
  const random = seededRandom(seed);
  await using storage = await crashStorage('sqlite');
  const preload = new URL('./dying-thread.ts', import.meta.url);
  await using world = await World.start(seed, storage.url, { heapMB, preload });
  let service = world.launch();
  await service.url;
  const figures: Record<string, number> = {};
  let [exits, ofProcess] = [0, 0];
  for (let death = 1; death <= deaths && world.problems.length === 0; death++) {
    await met(world, 1 + Math.floor(30 * random()));
    ofProcess += 1;
    service.signal('SIGUSR2');
    await untilDead(service, ofProcess);
    const way = waysToDie[(ofProcess - 1) % waysToDie.length]!;
    figures[way] = (figures[way] ?? 0) + 1;
    const resumed = met(world, 1);
    await Promise.race([resumed, service.ended]);
    if (!service.alive) {
      [exits, ofProcess] = [exits + 1, 0];
      service = world.launch();
    }
    await resumed;
    if (ofProcess > 0 && !service.stderr.includes(sentence))
      world.problems.push(`the log does not say: ${sentence}`);
    await world.look(`after ${death} deaths, the last one: ${way}`);
    report(`${death} of ${deaths} deaths (${way}), ${world.acknowledged} events acknowledged`);
  }
  return { deaths: figures, exits, ...(await world.settle()) };
}

/** @throws Error if the thread has not died after a minute */
async function untilDead(service: ServiceProcess, number: number): Promise<void> {
  for (let look = 0; look < 6_000; look += 1) {
    if (service.stderr.includes(deathLine(number))) return;
    await wait(10);
  }
  throw new Error(`The storage thread did not die: ${service.stderr}`);
}
