import { randomInt } from 'node:crypto';
import { fuzzAnswers } from './fuzz-answers.ts';
import { fuzzBodies } from './fuzz-bodies.ts';

export interface FuzzArguments {
  readonly bodies: number;
  readonly answers: number;
  readonly seed?: number;
}

export async function fuzz({ bodies, answers, seed = randomInt(1, 2 ** 31) }: FuzzArguments): Promise<void> {
  console.log(`Seed ${seed}.`);
  const report = (sentence: string) => console.error(sentence);
  if (bodies > 0) console.log(JSON.stringify(await fuzzBodies({ count: bodies, seed, report }), null, 2));
  if (answers > 0) console.log(JSON.stringify(await fuzzAnswers({ count: answers, seed, report }), null, 2));
}
