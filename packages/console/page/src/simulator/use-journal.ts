import { useEffect, useState } from 'preact/hooks';
import type { Server } from '../app/about.ts';
import { useVisible } from '../parts/use-visible.ts';
import { followJournal } from './follow-journal.ts';
import type { Listed } from './listed.ts';

export interface Journal {
  /** Newest first, without a gap; `undefined` before the first answer. */
  readonly entries: Listed | undefined;
  readonly error: string | undefined;
}

/**
 * The latest requests to a simulator, as they are answered: at most four updates a second, however many there are. They
 * are followed while the page is visible, and read again when it becomes visible.
 */
export function useJournal(server: Server): Journal {
  const [journal, setJournal] = useState<Journal>({ entries: undefined, error: undefined });
  const isVisible = useVisible();
  useEffect(() => {
    if (!isVisible) return;
    return followJournal(server, {
      listed: entries => setJournal({ entries, error: undefined }),
      failed: error => setJournal(({ entries }) => ({ entries, error })),
    });
  }, [server, isVisible]);
  return journal;
}
