import { describeWithOwnPostgres } from '@braze-mixpanel/storage/testing';
import { expect, it } from 'vitest';
import { seedOf } from '../seed.ts';
import { runFailover } from './run-failover.ts';

const seed = seedOf(process.env);

describeWithOwnPostgres('the service on a PostgreSQL that fails over', () => {
  it(`neither loses nor duplicates events if commits wait for the standby (PROOF_SEED=${seed})`, async () => {
    const figures = await runFailover({ seed, replication: 'synchronous' });
    expect(figures.accepted).toBeGreaterThanOrEqual(figures.events);
  }, 90_000);

  it('loses events if commits do not wait and the standby lags, and the proof detects it', async () => {
    await expect(runFailover({ seed, replication: 'asynchronous' })).rejects.toThrow(
      /events were acknowledged, the service knows of|events are not in Mixpanel/,
    );
  }, 90_000);
});
