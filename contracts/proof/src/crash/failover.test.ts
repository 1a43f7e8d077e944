import { describeWithOwnPostgres } from '@braze-mixpanel/storage/testing';
import { expect, it } from 'vitest';
import { seedOf } from '../seed.ts';
import { runFailover } from './run-failover.ts';

const seed = seedOf(process.env);

describeWithOwnPostgres('the service on a PostgreSQL that fails over', () => {
  it(`loses and doubles nothing where commits wait for the standby (PROOF_SEED=${seed})`, async () => {
    const figures = await runFailover({ seed, replication: 'synchronous' });
    expect(figures.accepted).toBeGreaterThanOrEqual(figures.events);
  }, 90_000);

  it('sees the loss where they do not, and the standby was behind', async () => {
    await expect(runFailover({ seed, replication: 'asynchronous' })).rejects.toThrow(
      /events were acknowledged, the service knows of|events are not in Mixpanel/,
    );
  }, 90_000);
});
