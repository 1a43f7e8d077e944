import { expect, it } from 'vitest';
import { faultOf } from './faults.ts';

it('An unreachable server is named with what to check; only a running service adds that it reconnects', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });
  const atStart = faultOf(refused, '127.0.0.1:5432/service').message;
  expect(atStart).toMatch(/ECONNREFUSED.*Check STORAGE_URL, the network and the server\.$/);
  expect(faultOf(refused, '127.0.0.1:5432/service', true).message).toBe(
    `${atStart} The service reconnects automatically.`,
  );
});
