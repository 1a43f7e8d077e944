/** Number of characters buffered per chunk. */
const piece = 65_536;

/**
 * A byte stream of text that is generated while it is sent. Memory use is bounded by one chunk, whatever the
 * total length.
 */
export function streamOfText(parts: AsyncIterable<string> | Iterable<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const source = Symbol.asyncIterator in parts ? parts[Symbol.asyncIterator]() : parts[Symbol.iterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      let text = '';
      while (text.length < piece) {
        const next = source.next();
        // Awaiting each part of a synchronous iterable would only slow it down.
        const { done, value } = next instanceof Promise ? await next : next;
        if (done) {
          controller.enqueue(encoder.encode(text));
          controller.close();
          return;
        }
        text += value;
      }
      controller.enqueue(encoder.encode(text));
    },
    async cancel() {
      await source.return?.();
    },
  });
}
