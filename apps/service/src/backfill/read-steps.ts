import type { CurrentsEvent } from '@braze-mixpanel/core/currents';
import { secondsOf } from '@braze-mixpanel/core/mapping';
import {
  type FileItem,
  type FileSource,
  pathFacts,
  readCurrentsFile,
  SourceError,
  type SourceFile,
} from '@braze-mixpanel/currents-files';
import type { CollectedFile } from '@braze-mixpanel/storage';
import { type BatchText, batchTexts } from './batch-texts.ts';
import type { MappingInForce } from './mapping/mapping-in-force.ts';
import { addAccepted, addFault, type BackfillReport, type Fault } from './report.ts';
import { isWantedTime, mayHoldWanted, queuedAt, type Wanted } from './wanted.ts';

/** Part of the work of a back-fill, which is stored as one transaction. */
export interface Step {
  readonly batches: readonly BatchText[];
  readonly files: readonly Omit<CollectedFile, 'connection' | 'scope'>[];
  /** After this step. */
  readonly report: BackfillReport;
}

/** What {@link readSteps} needs. */
export interface ReadStepsOptions {
  readonly source: FileSource;
  readonly wanted: Wanted;
  /** What was read so far. */
  readonly report: BackfillReport;
  /** The files of these addresses that were begun or read, by address. */
  readonly known: (
    paths: string[],
  ) => Promise<ReadonlyMap<string, Pick<CollectedFile, 'version' | 'position' | 'done'>>>;
  /** Files and bytes of the whole source, once they are known. */
  readonly total: () => BackfillReport['total'];
  /** Called for each place that cannot be read: the report does not have all of them. */
  readonly onFault: (fault: Fault) => void;
  /** Mapping options of past moments. */
  readonly mapping: MappingInForce;
  /** Earliest time that Mixpanel imports, milliseconds since 1970. */
  readonly oldest: number;
  /**
   * Present where new files are collected for good: contents that cannot be read are not read again until they
   * change, and files without access are not in the report.
   */
  readonly collecting?: {
    /** Called for each file without access, which is tried again the next time. */
    readonly onRefused: (error: SourceError) => void;
  };
}

/** A step is complete at these numbers; a single block may exceed them. */
const stepEvents = 2_000;
const stepFiles = 200;
/** Files that are not read, of which a search through many is stored and can be paused. */
const stepFilesLeft = 10_000;
const filesLookedUp = 200;

/**
 * Reads a source from where the report ends, in steps. A step ends at the end of a block, so that a crash
 * between two steps loses and repeats nothing. What cannot be read is in the report, and reading goes on.
 *
 * @throws SourceError if the source cannot be listed, or is unavailable; what was yielded before is complete
 */
export async function* readSteps(options: ReadStepsOptions): AsyncGenerator<Step> {
  const steps = new StepBuilder(options);
  for await (const page of pagesOf(options.source.list(options.report.cursor), filesLookedUp)) {
    const wanted = page.filter(({ path }) => mayHoldWanted(path, options.wanted));
    const known = await options.known(wanted.map(({ path }) => addressOf(options.source, path)));
    const isWanted = new Set(wanted);
    for (const file of page) {
      const stored = known.get(addressOf(options.source, file.path));
      const unchanged = stored?.version === file.version ? stored : undefined;
      if (!isWanted.has(file)) steps.leave(file, 'passedOver');
      else if (unchanged?.done) steps.leave(file, 'already');
      else yield* steps.read(file, unchanged?.position ?? 0);
      if (steps.isFull) yield steps.take();
    }
  }
  yield steps.take();
}

/** Address of a file, by which it is known after the back-fill. */
export const addressOf = ({ address }: FileSource, path: string): string => `${address}/${path}`;

class StepBuilder {
  readonly #options: ReadStepsOptions;
  readonly #report: BackfillReport;
  #batches: BatchText[] = [];
  #files = new Map<string, Step['files'][number]>();
  #events = 0;
  #left = 0;

  constructor(options: ReadStepsOptions) {
    this.#options = options;
    this.#report = structuredClone(options.report);
  }

  get isFull(): boolean {
    return this.#events >= stepEvents || this.#files.size >= stepFiles || this.#left >= stepFilesLeft;
  }

  take(): Step {
    const step = {
      batches: this.#batches,
      files: [...this.#files.values()],
      report: { ...structuredClone(this.#report), total: this.#options.total() ?? this.#report.total },
    };
    this.#batches = [];
    this.#files = new Map();
    this.#events = 0;
    this.#left = 0;
    return step;
  }

  /** Counts a file that is not read. */
  leave({ path, size }: SourceFile, as: 'passedOver' | 'already'): void {
    this.#report.files[as] += 1;
    this.#left += 1;
    this.#ended(path, size);
  }

  async *read(file: SourceFile, from: number): AsyncGenerator<Step> {
    const { path, size } = file;
    const { collecting } = this.#options;
    let isReadable = true;
    try {
      for await (const item of readCurrentsFile(this.#options.source.file(path, file.version), { from })) {
        this.#add(file, item);
        // Without a position to resume at, the rest of the file is lost, or more of the block follows.
        if (item.kind === 'fault' && item.resumeAt === undefined) isReadable = false;
        if (item.resumeAt === undefined) continue;
        this.#position(file, item.resumeAt, false);
        if (this.isFull) yield this.take();
      }
    } catch (error) {
      if (!(error instanceof SourceError) || error.code === 'unavailable') throw error;
      if (collecting !== undefined) {
        collecting.onRefused(error);
        return;
      }
      isReadable = false;
      this.#addFault({ path, offset: 0, message: error.message });
    }
    this.#report.files[isReadable ? 'read' : 'unreadable'] += 1;
    if (isReadable || collecting !== undefined) this.#position(file, size, true);
    this.#ended(path, size);
  }

  #add({ path }: SourceFile, item: FileItem): void {
    if (item.kind === 'fault') {
      const { offset, message, records } = item;
      this.#addFault({ path, offset, message, ...(records !== undefined && { records }) });
      return;
    }
    const { wanted, oldest } = this.#options;
    const accepted = item.events.filter(event => {
      const time = secondsOf(event.time);
      const isOfType = wanted.events?.includes(event.event_type) ?? true;
      if (!isOfType || !isWantedTime(time, wanted)) {
        this.#report.events.notWanted += 1;
        return false;
      }
      if (time !== undefined && time * 1_000 < oldest) {
        this.#report.events.tooOld += 1;
        return false;
      }
      addAccepted(this.#report, event.event_type, 1);
      return true;
    });
    for (const [profile, events] of this.#byProfile(accepted, path))
      for (const batch of batchTexts(events, profile)) this.#batches.push(batch);
    this.#events += accepted.length;
  }

  /** Events by the mapping options of the moment at which each was queued. */
  #byProfile(events: readonly CurrentsEvent[], path: string): Map<string, CurrentsEvent[]> {
    const { queuedHour } = pathFacts(path);
    const { oldest, mapping } = this.#options;
    return Map.groupBy(events, ({ time }) => mapping.at(queuedAt(secondsOf(time), queuedHour) ?? oldest));
  }

  #addFault(fault: Fault): void {
    addFault(this.#report, fault);
    this.#options.onFault(fault);
  }

  #position({ path, version }: SourceFile, position: number, done: boolean): void {
    this.#readUpTo(position);
    const address = addressOf(this.#options.source, path);
    this.#files.set(address, { path: address, version, position, done });
  }

  #ended(path: string, size: number): void {
    this.#readUpTo(size);
    this.#report.partial = 0;
    this.#report.cursor = path;
  }

  #readUpTo(position: number): void {
    this.#report.bytes += position - this.#report.partial;
    this.#report.partial = position;
  }
}

async function* pagesOf<Item>(items: AsyncIterable<Item>, size: number): AsyncGenerator<Item[]> {
  let page: Item[] = [];
  for await (const item of items) {
    page.push(item);
    if (page.length < size) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}
