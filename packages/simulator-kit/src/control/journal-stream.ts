import type { JournalEntry, RequestJournal } from '../journal/journal.ts';

/** Pieces that may wait for a slow reader; it misses more than that, so that memory does not grow. */
const backlog = 1_000;

/** Every new entry of the journal as a server-sent event `request`, until the reader disconnects. */
export function journalStream(journal: RequestJournal): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let unsubscribe = () => {};
  return new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(': every request to this simulator, as it is answered\n\n'));
      unsubscribe = journal.subscribe((entry: JournalEntry) => {
        if ((controller.desiredSize ?? 0) < -backlog) return;
        controller.enqueue(
          encoder.encode(`event: request\nid: ${entry.sequence}\ndata: ${JSON.stringify(entry)}\n\n`),
        );
      });
    },
    cancel: () => unsubscribe(),
  });
}
