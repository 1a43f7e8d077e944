/**
 * Buffers of a message between threads that can be transferred instead of copied: those of bytes directly in
 * the message, or in the elements of a list, which may be the message or directly in it. Each fills its memory,
 * which nothing else uses.
 */
export function transferable(message: unknown): ArrayBuffer[] {
  if (Array.isArray(message)) return message.flatMap(bytesIn);
  const lists = typeof message === 'object' && message !== null ? Object.values(message) : [];
  return [...bytesIn(message), ...lists.filter(Array.isArray).flatMap(list => list.flatMap(bytesIn))];
}

const bytesIn = (element: unknown): ArrayBuffer[] =>
  typeof element === 'object' && element !== null
    ? Object.values(element)
        .filter(value => value instanceof Uint8Array && fillsItsMemory(value))
        .map(value => value.buffer)
    : [];

/** Whether bytes are all of their memory; a small Buffer shares a pool with other data. */
export function fillsItsMemory(bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength;
}
