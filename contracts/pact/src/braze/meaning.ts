import assert from 'node:assert/strict';
import type { SinkAnswer } from '@braze-mixpanel/service/contracts';

/** The service's interpretation of an answer, without the vendor's text. */
export type Meaning = readonly [SinkAnswer['kind'], ...(string | number)[]];

/** The stored text of an answer must not contain a secret. */
export function assertMeans(answer: SinkAnswer, meant: Meaning, secret = ''): void {
  if (answer.kind === 'accepted') assert.deepEqual([answer.kind, ...answer.refused], meant);
  else {
    assert.deepEqual([answer.kind, answer.problem.code], meant);
    assert(secret === '' || !answer.problem.detail.includes(secret), 'a secret is stored');
  }
}
