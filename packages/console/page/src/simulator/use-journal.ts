import { useEffect, useState } from 'preact/hooks';
import { addressOf, call } from '../api/call.ts';
import type { Server } from '../app/about.ts';
import type { ListedRequest } from './request.ts';

/** Most listed requests. */
const kept = 500;
/** Milliseconds without more requests than a summary lists, after which the list is read in full again. */
const calm = 1_000;

export interface Journal {
  /** Newest first, without a gap; `undefined` before the first answer. */
  readonly entries: readonly ListedRequest[] | undefined;
  readonly error: string | undefined;
}

interface Summary {
  /** Requests since the one before. */
  readonly count: number;
  /** The newest of them. */
  readonly requests: readonly ListedRequest[];
}

/** The latest requests to a simulator, as they are answered: at most four updates a second, however many there are. */
export function useJournal(server: Server): Journal {
  const [journal, setJournal] = useState<Journal>({ entries: undefined, error: undefined });
  useEffect(() => {
    const stream = new EventSource(addressOf(server, '_sim/stream?summary=true'));
    let whole: ReturnType<typeof setTimeout> | undefined;
    const failed = (message: string) => setJournal(({ entries }) => ({ entries, error: message }));
    const read = () =>
      call<{ requests: readonly ListedRequest[] }>(server, `_sim/requests?limit=${kept}`).then(
        ({ requests }) =>
          setJournal(({ entries = [] }) => ({ entries: merged(entries, requests), error: undefined })),
        error => failed(error.message),
      );
    // The list is read once the stream is open, so that no request is missed between the two.
    stream.addEventListener('open', read);
    stream.addEventListener('requests', event => {
      const { count, requests }: Summary = JSON.parse(event.data);
      const isWhole = requests.length === count;
      setJournal(({ entries = [], error }) => ({
        entries: isWhole ? joined(requests, entries) : requests,
        error,
      }));
      if (isWhole) return;
      clearTimeout(whole);
      whole = setTimeout(read, calm);
    });
    stream.addEventListener('error', () =>
      failed(`${server.name} does not send its requests any more. Trying to reach it again.`),
    );
    return () => {
      stream.close();
      clearTimeout(whole);
    };
  }, [server]);
  return journal;
}

/** A list that was read, with what came while it was read. */
function merged(known: readonly ListedRequest[], read: readonly ListedRequest[]): readonly ListedRequest[] {
  const newest = read[0]?.sequence ?? 0;
  const newer = known.filter(({ sequence }) => sequence > newest);
  return newer.at(-1)?.sequence === newest + 1 ? joined(newer, read) : read;
}

/** Newer requests before those that are known; a restart or reset counts from 1 again. */
function joined(fresh: readonly ListedRequest[], known: readonly ListedRequest[]): readonly ListedRequest[] {
  const oldest = fresh.at(-1)?.sequence ?? 0;
  return [...fresh, ...known.filter(({ sequence }) => sequence < oldest)].slice(0, kept);
}
