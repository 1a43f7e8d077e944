/**
 * An answer's body as text. A body of more than `mostBytes` is not read any further: the result is
 * `undefined`, or with `cut` the part that was read. Rejects where the body breaks off.
 */
export async function readBody(
  response: Response,
  mostBytes: number,
  cut = false,
): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > mostBytes && !cut) return undefined;
    text += decoder.decode(chunk, { stream: true });
    if (bytes > mostBytes) return text;
  }
  return text + decoder.decode();
}
