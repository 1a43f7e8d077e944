import { expect, it } from 'vitest';
import { contract } from '../contract.ts';

export const history = contract('the history of a sync', storage => {
  it('is listed from new to old, page by page', async () => {
    const { cohorts } = storage;
    for (const text of ['1', '2', '3']) await cohorts.commit({ history: { sync: 's', text } });
    await cohorts.commit({ history: { sync: 'other', text: 'x' } });
    const [newest, next] = await cohorts.history({ sync: 's', before: undefined, limit: 2 });
    expect([newest?.text, next?.text]).toEqual(['3', '2']);
    expect(await cohorts.history({ sync: 's', before: next!.id, limit: 2 })).toMatchObject([{ text: '1' }]);
  });

  it('can lose single entries', async () => {
    const { cohorts } = storage;
    for (const text of ['1', '2', '3']) await cohorts.commit({ history: { sync: 's', text } });
    const [, second] = await cohorts.history({ sync: 's', before: undefined, limit: 5 });
    await cohorts.commit({ dropHistory: [second!.id], erase: true });
    const left = await cohorts.history({ sync: 's', before: undefined, limit: 5 });
    expect(left.map(({ text }) => text)).toEqual(['3', '1']);
  });
});
