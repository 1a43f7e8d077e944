import { expect, it } from 'vitest';
import { seedOf } from '../seed.ts';
import { waysToDie } from './dying-thread.ts';
import { runThreadDeaths } from './run-thread-deaths.ts';

const seed = seedOf(process.env);

it(`The service neither loses nor duplicates events when its storage thread exits or exhausts its heap (PROOF_SEED=${seed})`, async () => {
  const figures = await runThreadDeaths({ deaths: 8, seed });
  const died = Object.values(figures.deaths).reduce((sum, count) => sum + count, 0);
  expect(died).toBe(8);
  expect(Object.keys(figures.deaths).every(way => waysToDie.some(each => each === way))).toBe(true);
  expect(figures.accepted).toBeGreaterThanOrEqual(figures.events);
}, 180_000);
