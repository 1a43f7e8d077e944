/** Characters that are gathered before they are handed on. */
const piece = 65_536;

/** Text that is written while it is sent: an answer of any length takes no more memory than one piece of it. */
export function streamOfText(parts: AsyncIterable<string> | Iterable<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const source = Symbol.asyncIterator in parts ? parts[Symbol.asyncIterator]() : parts[Symbol.iterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      let text = '';
      while (text.length < piece) {
        const next = source.next();
        // An iterable that is not asynchronous is read without a wait for each part.
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
