import type { JournalEntry, RequestJournal } from '../journal/journal.ts';

/** Maximum of chunks buffered for a slow reader. Further ones are dropped, so that memory does not grow. */
const backlog = 1_000;

/** New journal entries as server-sent events named `request`, until the reader disconnects. */
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
