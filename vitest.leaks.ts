import { afterAll, beforeAll, expect, vi } from 'vitest';

/** Servers that still listen and processes that still run: what a test file opens, it closes. */
const watched = new Set(['TCPServerWrap', 'ProcessWrap']);
const open = () =>
  process
    .getActiveResourcesInfo()
    .filter(kind => watched.has(kind))
    .sort();

let before: string[] = [];
beforeAll(() => {
  before = open();
});

// Registered before those of the file, so it runs after them.
afterAll(async () => {
  await vi.waitFor(() => expect(open(), 'left open by this test file').toEqual(before), { timeout: 8_000 });
});
