import type { JournalEntry, RequestJournal } from '../journal/journal.ts';

/** Maximum of chunks buffered for a slow reader. Further ones are dropped, so that memory does not grow. */
const backlog = 1_000;
/** Least time between two summaries: four a second. */
const summaryMs = 250;
/** Entries of a summary, the newest ones. */
const summarized = 30;

/** New journal entries as server-sent events named `request`, until the reader disconnects. */
export function journalStream(journal: RequestJournal): ReadableStream<Uint8Array> {
  return eventStream(send =>
    journal.subscribe(entryOf => {
      const entry = entryOf();
      send(`event: request\nid: ${entry.sequence}\ndata: ${JSON.stringify(entry)}\n\n`);
    }),
  );
}

/**
 * New journal entries as server-sent events named `requests`, at most four a second however many requests come:
 * their number, and the newest 30 of them without headers, query and body.
 */
export function journalSummaries(journal: RequestJournal): ReadableStream<Uint8Array> {
  return eventStream(send => {
    let count = 0;
    let timer: NodeJS.Timeout | undefined;
    const summarize = () => {
      timer = undefined;
      const requests = journal.list({ limit: Math.min(count, summarized) }).map(withoutContent);
      send(`event: requests\ndata: ${JSON.stringify({ count, requests })}\n\n`);
      count = 0;
    };
    const unsubscribe = journal.subscribe(() => {
      count += 1;
      timer ??= setTimeout(summarize, summaryMs).unref();
    });
    return () => {
      unsubscribe();
      clearTimeout(timer);
    };
  });
}

/** A stream of what `begin` sends. It returns what ends it. */
function eventStream(begin: (send: (text: string) => void) => () => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let end = () => {};
  return new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(': every request to this simulator, as it is answered\n\n'));
      end = begin(text => {
        if ((controller.desiredSize ?? 0) >= -backlog) controller.enqueue(encoder.encode(text));
      });
    },
    cancel: () => end(),
  });
}

const withoutContent = ({ headers: _, query: __, body: ___, ...rest }: JournalEntry) => rest;
