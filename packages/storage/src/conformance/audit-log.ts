import { expect, it } from 'vitest';
import { contract } from './contract.ts';

export const auditLog = contract('the audit log', storage => {
  it('is listed from new to old, page by page, after a restart too', async () => {
    for (const action of ['a', 'b', 'c'])
      await storage.audit.append({ at: 1_000, actor: 'operator', action, detail: '{"n":1}' });
    await storage.crash();
    const [newest, next] = await storage.audit.list({ before: undefined, limit: 2 });
    expect([newest, next]).toMatchObject([
      { at: 1_000, actor: 'operator', action: 'c', detail: '{"n":1}' },
      { action: 'b' },
    ]);
    expect(await storage.audit.list({ before: next!.id, limit: 2 })).toMatchObject([{ action: 'a' }]);
  });
});
