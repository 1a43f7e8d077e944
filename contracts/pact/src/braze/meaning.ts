import assert from 'node:assert/strict';
import type { SinkAnswer } from '@braze-mixpanel/service/contracts';

/** What the service makes of an answer, without the vendor's words. */
export type Meaning = readonly [SinkAnswer['kind'], ...(string | number)[]];

/** The words that are kept of an answer must not hold a secret. */
export function assertMeans(answer: SinkAnswer, meant: Meaning, secret = ''): void {
  if (answer.kind === 'accepted') assert.deepEqual([answer.kind, ...answer.refused], meant);
  else {
    assert.deepEqual([answer.kind, answer.problem.code], meant);
    assert(secret === '' || !answer.problem.detail.includes(secret), 'a secret is kept');
  }
}
