import { expect, it } from 'vitest';
import { simulatorOf } from '../testing/simulator-of.ts';
import { listen } from './listen.ts';

it('an idle connection outlives the pools of common clients, as the answer announces', async () => {
  await using server = await listen(simulatorOf({}));
  const answer = await fetch(`${server.url}/_sim/health`);
  expect(answer.headers.get('connection')).toBe('keep-alive');
  const seconds = Number(/^timeout=(\d+)$/.exec(answer.headers.get('keep-alive') ?? '')?.[1]);
  expect(seconds).toBeGreaterThanOrEqual(65);
});
