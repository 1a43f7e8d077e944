import { type Respond, respond, type SimRequest } from '@braze-mixpanel/simulator-kit';

/** Size of the longest answer that is never compressed, in bytes. */
const plainBytes = 1_400;

/**
 * The answer with status 200 and a body of `streamOfText`: compressed with gzip if it is long enough and the
 * client accepts it. The first chunk of such a stream is the whole of a short one.
 */
export async function compressed(
  request: SimRequest,
  text: ReadableStream<Uint8Array>,
  headers: Readonly<Record<string, string>>,
): Promise<Respond> {
  if (!acceptsGzip(request.headers['accept-encoding'])) return respond(200, text, { headers });
  const reader = text.getReader();
  const { value: first = new Uint8Array() } = await reader.read();
  reader.releaseLock();
  const body = ReadableStream.from(joined(first, text));
  if (first.length <= plainBytes) return respond(200, body, { headers });
  const packed = body.pipeThrough(new CompressionStream('gzip'));
  return respond(200, packed, { headers: { ...headers, 'content-encoding': 'gzip' } });
}

async function* joined<Chunk>(first: Chunk, rest: ReadableStream<Chunk>): AsyncGenerator<Chunk> {
  yield first;
  yield* rest;
}

function acceptsGzip(header = ''): boolean {
  const named = header.split(',').map(each => each.toLowerCase().replaceAll(/\s/g, '').split(';'));
  return named.some(([name, weight]) => name === 'gzip' && !/^q=0(\.0*)?$/.test(weight ?? ''));
}
