import { expect, it } from 'vitest';
import { seedOf } from '../seed.ts';
import { crashStorage } from './crash-storage.ts';
import { runCrashes } from './run-crashes.ts';

const seed = seedOf(process.env);

it(`loses and doubles nothing when it is killed ten times under load (PROOF_SEED=${seed})`, async () => {
  await using storage = await crashStorage('sqlite');
  const figures = await runCrashes({ kills: 10, seed, storage });
  expect(figures.unique).toBeGreaterThan(100);
  expect(figures.accepted).toBeGreaterThanOrEqual(figures.events);
}, 180_000);
