import { setTimeout as wait } from 'node:timers/promises';
import { seededRandom } from '@braze-mixpanel/core/currents';
import { startOwnPostgres } from '@braze-mixpanel/storage/testing';
import { layWire } from '../network/wire.ts';
import { type Delivered, World } from './world.ts';

export interface StormOptions {
  readonly rounds: number;
  readonly seed: number;
  readonly report?: (sentence: string) => void;
}

export interface StormFigures extends Delivered {
  /** Number of disturbances of PostgreSQL by kind. */
  readonly storms: Readonly<Record<string, number>>;
}

/**
 * The database outage proof. The service keeps running under load while its PostgreSQL is killed in the
 * middle of transactions and restarted, or connections are cut or become silent. Everything acknowledged must
 * be stored, and work must resume without intervention.
 *
 * @throws Error with every violated condition and the seed
 */
export async function runStorms({
  rounds,
  seed,
  report = () => undefined,
}: StormOptions): Promise<StormFigures> {
  const random = seededRandom(seed);
  await using server = await startOwnPostgres();
  const database = await server.createDatabase();
  await using wire = await layWire(server.port);
  const url = new URL(database.url);
  url.port = String(wire.port);
  await using world = await World.start(seed, url.href);
  await world.launch().url;

  const kinds = {
    async killed() {
      await server.crash();
      await wait(500 * random());
      await server.start();
    },
    async cut() {
      for (let times = 5; times > 0; times--) {
        wire.cut();
        await wait(200 * random());
      }
    },
    async silent() {
      wire.swallow();
      await wait(1_000 + 2_000 * random());
      wire.heal();
    },
  };
  const names = Object.keys(kinds) as (keyof typeof kinds)[];
  const storms: Record<string, number> = {};
  for (let round = 0; round < rounds && world.problems.length === 0; round++) {
    const before = world.acknowledged;
    // Each disturbance starts in the middle of work: after this many further acknowledged batches.
    await met(world, 1 + Math.floor(30 * random()));
    const name = names[round % names.length]!;
    await kinds[name]();
    storms[name] = (storms[name] ?? 0) + 1;
    await met(world, 1);
    await world.look(`after ${round + 1} storms, the last one ${name}`);
    report(`${round + 1} of ${rounds} storms (${name}), ${world.acknowledged - before} events acknowledged`);
  }
  return { storms, ...(await world.settle()) };
}

/**
 * Resolves after this many further acknowledged batches. @throws Error if none is acknowledged for a minute
 */
export async function met(world: World, batches: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const giveUp = world.moments.at('acknowledged', batches, resolve);
  const timer = setTimeout(() => reject(new Error('No batch was acknowledged for a minute.')), 60_000);
  await promise.finally(() => clearTimeout(timer));
  giveUp();
}
