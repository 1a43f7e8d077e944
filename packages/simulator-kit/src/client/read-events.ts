import { type CallOptions, headersOf } from './call.ts';

/** The parsed JSON data of server-sent events. Ends with the signal, the server or the reading loop. */
export async function* readEvents<T>(
  url: string,
  options: CallOptions,
  signal?: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  const { fetch: send = fetch } = options;
  const left = new AbortController();
  const either = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]);
  try {
    const { body } = await send(url, { headers: headersOf(options), signal: either });
    let rest = '';
    for await (const piece of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const events = (rest + piece).split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events) {
        const data = /^data: (.*)$/m.exec(event)?.[1];
        if (data !== undefined) yield JSON.parse(data) as T;
      }
    }
  } catch (error) {
    if (!either.aborted) throw error;
  } finally {
    left.abort();
  }
}
