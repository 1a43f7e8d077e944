import { expect, it } from 'vitest';
import { filterCheck } from './check-filter.ts';

const counts = { accepted: 1, imported: 0, skipped: {}, deadLettered: {}, pending: 0 };
const check = filterCheck(
  new Set(['default']),
  { counts: async () => ({ removed: counts }) as never },
  { countBy: async () => ({ reason_of_another_release: 1 }) },
);

it.each([
  {},
  { connection: 'default', reason: 'invalid_time' },
  { connection: 'removed' },
  { reason: 'reason_of_another_release' },
])('a filter by what is configured, known or stored is accepted: %o', async filter => {
  await expect(check(filter)).resolves.toBeUndefined();
});

it.each([
  [{ connection: 'nosuch' }, { code: 'unknown_connection' }],
  [{ connection: 'constructor' }, { code: 'unknown_connection' }],
  [
    { reason: '' },
    { code: 'request_invalid', detail: expect.stringMatching(/^reason must be one of: .*invalid_time/) },
  ],
  [
    { reason: 'invalid_tmie' },
    { code: 'request_invalid', detail: expect.stringContaining('reason_of_another_release') },
  ],
])('a filter by %o is refused', async (filter, error) => {
  await expect(check(filter)).rejects.toMatchObject(error);
});
