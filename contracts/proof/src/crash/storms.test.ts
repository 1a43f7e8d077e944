import { describeWithOwnPostgres } from '@braze-mixpanel/storage/testing';
import { expect, it } from 'vitest';
import { seedOf } from '../seed.ts';
import { runStorms } from './run-storms.ts';

const seed = seedOf(process.env);

describeWithOwnPostgres('the service on a PostgreSQL in trouble', () => {
  it(`neither loses nor duplicates events when it is killed, disconnected or silent (PROOF_SEED=${seed})`, async () => {
    const figures = await runStorms({ rounds: 3, seed });
    expect(figures.storms).toEqual({ killed: 1, cut: 1, silent: 1 });
    expect(figures.accepted).toBeGreaterThanOrEqual(figures.events);
  }, 180_000);
});
