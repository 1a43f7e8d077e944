import { expect } from 'vitest';
import { test } from './vitest.ts';

test('a test has a separate, empty mock Braze', async ({ braze }) => {
  const answer = await fetch(`${braze.url}/users/track`, {
    method: 'POST',
    headers: { authorization: 'Bearer braze-rest-key' },
    body: JSON.stringify({ attributes: [{ external_id: 'ada' }] }),
  });
  expect([answer.status, braze.model.users.size]).toEqual([201, 1]);
});

test('the next test has another one', ({ braze }) => {
  expect(braze.model.users.size).toBe(0);
});
