import { startOwnPostgres } from '@braze-mixpanel/storage/testing';
import { Client } from 'pg';
import { layWire } from '../network/wire.ts';
import { met } from './run-storms.ts';
import { type Delivered, World } from './world.ts';

export interface FailoverOptions {
  readonly seed: number;
  /** Whether a commit waits for the standby. */
  readonly replication: 'synchronous' | 'asynchronous';
}

/**
 * The failover proof. The standby falls behind under load, the primary is killed, the address moves to the
 * standby, and the standby is promoted. The service keeps running. If commits wait for the standby,
 * everything acknowledged must be stored.
 *
 * @throws Error with every violated condition and the seed
 */
export async function runFailover({ seed, replication }: FailoverOptions): Promise<Delivered> {
  const waits = replication === 'synchronous';
  await using primary = await startOwnPostgres(waits ? { synchronous_standby_names: '*' } : {});
  await using between = await layWire(primary.port);
  await using standby = await primary.standby(between.port);
  const { url: direct } = await primary.createDatabase();
  await using wire = await layWire(primary.port);
  const at = (port: number) => Object.assign(new URL(direct), { port: String(port) }).href;
  await using world = await World.start(seed, at(wire.port));
  await world.launch().url;
  await met(world, 20);

  between.swallow();
  // Either commits hang, or batches are acknowledged that the standby will never receive.
  if (waits) await until(direct, `SELECT FROM pg_stat_activity WHERE wait_event = 'SyncRep'`);
  else await met(world, 20);
  await primary.crash();
  wire.leadTo(standby.port);
  // The address may move before the end of the promotion, so the service first connects to a standby.
  const ours = `SELECT FROM pg_stat_activity WHERE application_name = 'braze-mixpanel'`;
  await until(at(standby.port), ours);
  await standby.promote();
  await met(world, 20);
  await world.look('after the failover');
  return await world.settle();
}

/** Resolves when the query returns a row. @throws Error if it does not within 20 s */
async function until(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  const deadline = performance.now() + 20_000;
  await client.connect();
  try {
    while ((await client.query(sql)).rowCount === 0)
      if (performance.now() > deadline) throw new Error(`Within 20 s nothing was found by: ${sql}`);
  } finally {
    await client.end();
  }
}
