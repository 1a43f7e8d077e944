import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { filesOf } from './page-builder.ts';

const thread = (code: string, resourceLimits = {}) => new Worker(code, { eval: true, resourceLimits });

describe('the thread that builds the page of the console', () => {
  it('gives the files that it posts', async () => {
    const posts = `require('node:worker_threads').parentPort.postMessage(new Map([['index.html', new Uint8Array(3)]]))`;
    expect([...(await filesOf(thread(posts))).keys()]).toEqual(['index.html']);
  });

  it('that is killed fails the request instead of leaving it open', async () => {
    await expect(filesOf(thread('process.exit(3)'))).rejects.toThrow(
      "The thread that builds the console's page ended early (exit code 3). Load the page again.",
    );
  });

  it('that exhausts its heap fails the request with that reason', async () => {
    const exhausts = 'const held = []; for (;;) held.push(Array.from({ length: 10_000 }, () => ({})));';
    await expect(filesOf(thread(exhausts, { maxOldGenerationSizeMb: 16 }))).rejects.toThrow(/memory limit/);
  });
});
