import type { FileSource } from '@braze-mixpanel/currents-files';
import { mayHoldWanted } from '../wanted.ts';
import { countSource } from './count-source.ts';
import { addressOf, StepBuilder } from './step-builder.ts';
import type { KnownFile, ReadCalls, ReadRequest, Step } from './step-reader.ts';

const filesLookedUp = 200;

/**
 * Reads a source from where the report ends, in steps. A step ends at the end of a block, so that a crash
 * between two steps loses and repeats nothing. What cannot be read is in the report, and reading goes on.
 *
 * @throws SourceError if the source cannot be listed, or is unavailable; what was yielded before is complete
 */
export async function* readSteps(
  source: FileSource,
  request: ReadRequest,
  calls: ReadCalls,
): AsyncGenerator<Step> {
  const { report, collected, wanted } = request;
  using counted = countSource(source, report.total);
  const steps = new StepBuilder(source, request, calls, counted);
  for await (const page of pagesOf(collected ?? source.list(report.cursor), filesLookedUp)) {
    const sought = page.filter(({ path }) => mayHoldWanted(path, wanted));
    const known = await calls.known(sought.map(({ path }) => addressOf(source, path)));
    const isSought = new Set(sought);
    for (const file of page) {
      const stored = known.get(addressOf(source, file.path));
      const unchanged = stored?.version === file.version ? stored : undefined;
      if (!isSought.has(file)) steps.leave(file, 'passedOver');
      else if (unchanged !== undefined && isRead(unchanged, request)) steps.leave(file, 'already');
      else yield* steps.read(file, unchanged);
      if (steps.isFull) yield steps.take();
    }
  }
  yield steps.take();
}

/** A back-fill tries a file with unreadable places again; a collection waits for its next version. */
const isRead = ({ done, unreadable }: KnownFile, { collected }: ReadRequest): boolean =>
  done && (unreadable === '' || collected !== undefined);

async function* pagesOf<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  size: number,
): AsyncGenerator<Item[]> {
  let page: Item[] = [];
  for await (const item of items) {
    page.push(item);
    if (page.length < size) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}
