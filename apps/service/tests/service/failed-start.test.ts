import { openStorage } from '@braze-mixpanel/storage';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { RunningService } from '../../src/testing/running-service.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

it('a start that fails on a full disk closes the storage, and leaves no timer that keeps the process', async () => {
  const close = vi.fn();
  const open = async (url: string) => {
    const storage = await openStorage(url);
    const fails = async () => {
      throw new Error('The disk is full.');
    };
    return {
      ...storage,
      probe: async () => ({ ok: false as const, reason: 'The disk is full.' }),
      reconciliations: { ...storage.reconciliations, countFrom: fails },
      close: async () => {
        close();
        await storage.close();
      },
    };
  };
  await expect(RunningService.start({}, { openStorage: open })).rejects.toThrow('The disk is full.');
  expect(close).toHaveBeenCalledOnce();
  expect(vi.getTimerCount()).toBe(0);
});
