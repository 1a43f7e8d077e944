/**
 * Frees the memory of a body that is no longer read. The garbage collector counts objects, not the bytes
 * behind them, and would keep tens of megabytes. Bytes that share their memory with others are left alone.
 */
export function freeMemory({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
