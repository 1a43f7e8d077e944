import { addressOf, type CallError, call } from '../api/call.ts';
import type { Server } from '../app/about.ts';
import { caughtUp, extended, kept, type Listed, type Summary } from './listed.ts';

/** Least milliseconds from one read of the list to the next, also while requests come without a pause. */
const betweenReads = 2_000;

interface Follower {
  readonly listed: (requests: Listed) => void;
  readonly failed: (message: string) => void;
}

/**
 * Follows the latest requests to a simulator. The list has no gap at any time: after more requests than a summary lists,
 * what is shown stays until the list was read again.
 *
 * @returns what ends it, and its connection
 */
export function followJournal(server: Server, { listed, failed }: Follower): () => void {
  const stream = new EventSource(addressOf(server, '_sim/stream?summary=true'));
  const ended = new AbortController();
  let known: Listed = [];
  /** Summaries since the read that is under way began; `undefined` while there is none. */
  let came: Summary[] | undefined;
  let next: ReturnType<typeof setTimeout> | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  const show = (requests: Listed) => {
    known = requests;
    listed(requests);
  };
  const readSoon = () => {
    if (came === undefined) next ??= setTimeout(read, Math.max(0, readAt + betweenReads - performance.now()));
  };
  async function read(): Promise<void> {
    clearTimeout(next);
    next = undefined;
    readAt = performance.now();
    const during: Summary[] = [];
    came = during;
    const answer = await call<{ requests: Listed }>(server, `_sim/requests?limit=${kept}`, ended).catch(
      (error: CallError) => error,
    );
    // A later read has begun, or this has ended.
    if (came !== during || ended.signal.aborted) return;
    came = undefined;
    const isError = answer instanceof Error;
    const list = isError ? undefined : caughtUp(answer.requests, during);
    if (isError) failed(answer.message);
    else show(list ?? answer.requests);
    if (list === undefined) readSoon();
  }
  // The list is read once the stream is open, so that no request is missed between the two.
  stream.addEventListener('open', () => void read());
  stream.addEventListener('requests', event => {
    const summary: Summary = JSON.parse(event.data);
    came?.push(summary);
    const list = extended(known, summary);
    if (list === undefined) readSoon();
    else show(list);
  });
  stream.addEventListener('error', () =>
    failed(`${server.name} does not send its requests any more. Trying to reach it again.`),
  );
  return () => {
    stream.close();
    ended.abort();
    clearTimeout(next);
  };
}
