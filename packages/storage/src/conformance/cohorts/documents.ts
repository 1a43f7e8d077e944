import { expect, it } from 'vitest';
import { contract } from '../contract.ts';

export const documents = contract('documents of cohorts', storage => {
  it('are replaced and removed', async () => {
    const { cohorts } = storage;
    await cohorts.commit({
      documents: [
        { key: 'a', text: '1' },
        { key: 'b', text: '2' },
      ],
    });
    await cohorts.commit({
      documents: [
        { key: 'a', text: '3' },
        { key: 'b', text: null },
      ],
    });
    expect(await cohorts.documents()).toEqual([{ key: 'a', text: '3' }]);
  });
});
