import { expect, it } from 'vitest';
import { readBody } from './read-body.ts';

it('A body that never ends is read up to the limit and no further', async () => {
  let pulled = 0;
  let cancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled += 1;
      controller.enqueue(new Uint8Array(1_000));
    },
    cancel() {
      cancelled = true;
    },
  });
  expect(await readBody(new Response(endless), 10_000)).toBeUndefined();
  expect(pulled).toBeLessThan(20);
  expect(cancelled).toBe(true);
});

it('A character that is split between two chunks is read whole, and a body of exactly the limit is read', async () => {
  const bytes = new TextEncoder().encode('naïve 🚲');
  const pieces = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  expect(await readBody(new Response(pieces), bytes.length)).toBe('naïve 🚲');
  expect(await readBody(new Response(null, { status: 204 }), 0)).toBe('');
});
