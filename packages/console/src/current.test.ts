import { expect, it } from 'vitest';
import { notSentBy } from '../page/src/mock-braze/current.ts';

it('events that are not sent are shown of a Mixpanel Export alone, since no other Current counts them', () => {
  const skipped = { no_external_user_id: 1_200, not_supported: 3 };
  expect(notSentBy({ kind: 'mixpanel-export', skipped })).toBe('1,200 no_external_user_id, 3 not_supported');
  expect(notSentBy({ kind: 'mixpanel-export', skipped: {} })).toBe('none');
  for (const kind of ['custom-http', 'storage']) expect(notSentBy({ kind, skipped: {} })).toBeUndefined();
});
