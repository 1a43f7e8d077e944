import { useEffect, useState } from 'preact/hooks';
import { addressOf, call } from '../api/call.ts';
import type { Server } from '../app/about.ts';
import type { JournalEntry } from './request.ts';

/** Most listed requests. */
const kept = 500;
/** Milliseconds between two updates of the list, however many requests arrive. */
const pace = 500;

export interface Journal {
  /** Newest first; `undefined` before the first answer. */
  readonly entries: readonly JournalEntry[] | undefined;
  readonly error: string | undefined;
}

/** The latest requests to a simulator, as they are answered. */
export function useJournal(server: Server): Journal {
  const [journal, setJournal] = useState<Journal>({ entries: undefined, error: undefined });
  useEffect(() => {
    const stream = new EventSource(addressOf(server, '_sim/stream'));
    let arrived: JournalEntry[] = [];
    const add = (fresh: readonly JournalEntry[], old: readonly JournalEntry[]) => {
      const known = new Set(old.map(({ sequence }) => sequence));
      const all = [...fresh.filter(({ sequence }) => !known.has(sequence)), ...old];
      return all.sort((a, b) => b.sequence - a.sequence).slice(0, kept);
    };
    const flush = () => {
      if (arrived.length === 0) return;
      const fresh = arrived;
      arrived = [];
      setJournal(({ entries = [], error }) => ({ entries: add(fresh, entries), error }));
    };
    const timer = setInterval(flush, pace);
    const failed = (message: string) => setJournal(({ entries }) => ({ entries, error: message }));
    // The list is read once the stream is open, so that no request is missed between the two.
    stream.addEventListener('open', () =>
      call<{ requests: JournalEntry[] }>(server, `_sim/requests?limit=${kept}`).then(
        ({ requests }) => setJournal({ entries: add(arrived, requests), error: undefined }),
        error => failed(error.message),
      ),
    );
    stream.addEventListener('request', event => {
      arrived.push(JSON.parse(event.data));
      if (arrived.length > kept) arrived = arrived.slice(-kept);
    });
    stream.addEventListener('error', () =>
      failed(`${server.name} does not send its requests any more. Trying to reach it again.`),
    );
    return () => {
      stream.close();
      clearInterval(timer);
    };
  }, [server]);
  return journal;
}
