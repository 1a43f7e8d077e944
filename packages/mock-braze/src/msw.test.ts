import { expect, it } from 'vitest';
import { createMockBraze } from './mock-braze.ts';
import { mockBrazeHandlers } from './msw.ts';

it('the handlers answer for a real Braze address, on the same state', async () => {
  const braze = await createMockBraze();
  const [handler] = mockBrazeHandlers(braze, { baseUrls: ['https://rest.iad-01.braze.com'] });
  const request = new Request('https://rest.iad-01.braze.com/users/track', {
    method: 'POST',
    headers: { Authorization: 'Bearer braze-rest-key' },
    body: JSON.stringify({ attributes: [{ external_id: 'user-1', vip: true }] }),
  });
  const { response } = (await handler!.run({ request, requestId: '1' }))!;
  expect([response?.status, await response?.json()]).toEqual([
    201,
    { message: 'success', attributes_processed: 1 },
  ]);
  expect(braze.model.users.find({ external_id: 'user-1' })).toBe(0);
  await braze.close();
});
