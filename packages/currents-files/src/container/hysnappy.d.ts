/** What is used of the library, so that types are checked where it is not installed yet. */
declare module 'hysnappy' {
  export function snappyCompress(input: Uint8Array): Uint8Array;
  export function snappyUncompressor(): (input: Uint8Array, outputLength: number) => Uint8Array;
}
