import { expect, it } from 'vitest';
import { crashStorage } from '../crash/crash-storage.ts';
import { seedOf } from '../seed.ts';
import { runSessions } from './run-sessions.ts';

const seed = seedOf(process.env);

it(`the service limits cohort sessions that never complete, and sends none of their members to Braze (PROOF_SEED=${seed})`, async () => {
  await using storage = await crashStorage('sqlite');
  const figures = await runSessions({ pages: 500, seed, storage });
  expect(figures.open.ofOne).toBe(100);
  expect(Object.keys(figures.answers)).toEqual(expect.arrayContaining(['200', '400', '413', '429']));
  expect(figures.events).toBeGreaterThan(0);
}, 120_000);
