import { expect, it } from 'vitest';
import { seedOf } from '../seed.ts';
import { fuzzAnswers } from './fuzz-answers.ts';
import { fuzzBodies } from './fuzz-bodies.ts';

const seed = seedOf(process.env);

it(`the service answers malformed Currents bodies and accounts for every accepted event (PROOF_SEED=${seed})`, async () => {
  const figures = await fuzzBodies({ count: 3_000, seed });
  expect(Object.keys(figures.answers)).toEqual(expect.arrayContaining(['200', '400']));
  expect(figures.accepted).toBeGreaterThan(1_000);
}, 120_000);

it(`the service handles every malformed answer of both vendors (PROOF_SEED=${seed})`, async () => {
  const figures = await fuzzAnswers({ count: 3_000, seed });
  expect(Object.keys(figures.ends)).toEqual(
    expect.arrayContaining(['import settled', 'partner accepted', 'track accepted', 'query answered']),
  );
}, 120_000);
