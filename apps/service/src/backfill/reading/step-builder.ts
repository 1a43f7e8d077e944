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
import { type BatchText, batchTexts } from '../batch-texts.ts';
import { type MappingInForce, mappingInForce } from '../mapping/mapping-in-force.ts';
import { addAccepted, addFault, type BackfillReport, type Fault } from '../report.ts';
import { isWantedTime, queuedAt } from '../wanted.ts';
import type { CountedSource } from './count-source.ts';
import { type FaultItem, type FilePosition, FileReading } from './file-reading.ts';
import type { KnownFile, ReadCalls, ReadRequest, Step } from './step-reader.ts';

/** A step is complete at these numbers; a single block may exceed them. */
const stepEvents = 2_000;
const stepFiles = 200;
/** Files that are not read, of which a search through many is stored and can be paused. */
const stepFilesLeft = 10_000;

/** Address of a file, by which it is known after the back-fill. */
export const addressOf = ({ address }: FileSource, path: string): string => `${address}/${path}`;

/**
 * Whether a file is of another purpose, such as a `readme.txt` or a marker: its first bytes are not those of
 * Avro, and its name is not that of a file with events.
 */
const isOtherFile = (path: string, item: FileItem): boolean =>
  item.kind === 'fault' && item.isAvro === false && !/\.(avro|json)$/i.test(path);

/** Collects what is read into steps. */
export class StepBuilder {
  readonly #source: FileSource;
  readonly #request: ReadRequest;
  readonly #calls: ReadCalls;
  readonly #counted: CountedSource;
  readonly #mapping: MappingInForce;
  readonly #report: BackfillReport;
  #batches: BatchText[] = [];
  #files = new Map<string, Step['files'][number]>();
  #events = 0;
  #left = 0;

  constructor(source: FileSource, request: ReadRequest, calls: ReadCalls, counted: CountedSource) {
    this.#source = source;
    this.#request = request;
    this.#calls = calls;
    this.#counted = counted;
    this.#mapping = mappingInForce(request.mapping);
    this.#report = structuredClone(request.report);
  }

  get isFull(): boolean {
    return this.#events >= stepEvents || this.#files.size >= stepFiles || this.#left >= stepFilesLeft;
  }

  take(): Step {
    const step = {
      batches: this.#batches,
      files: [...this.#files.values()],
      report: { ...structuredClone(this.#report), total: this.#counted.total },
    };
    this.#batches = [];
    this.#files = new Map();
    this.#events = 0;
    this.#left = 0;
    return step;
  }

  /** Counts a file that is not read. */
  leave({ path, size }: SourceFile, as: 'passedOver' | 'already' | 'other'): void {
    this.#report.files[as] += 1;
    this.#left += 1;
    this.#ended(path, size);
  }

  /**
   * Reads a file from where it was left. One that was read to its end is read at the places that could not be
   * read.
   */
  async *read(file: SourceFile, known: KnownFile | undefined): AsyncGenerator<Step> {
    const { path, size } = file;
    const isCollected = this.#request.collected !== undefined;
    const reading = new FileReading(size, known);
    let isReadable = true;
    try {
      for await (const item of readCurrentsFile(this.#source.file(path, file.version), reading)) {
        if (isOtherFile(path, item)) {
          if (isCollected) this.#position(file, reading.ended());
          this.leave(file, 'other');
          return;
        }
        if (reading.isBehind(item)) break;
        if (reading.isNew(item)) {
          if (item.kind === 'events') this.#add(path, item.events);
          else {
            this.#addFaultOf(path, item);
            if (!item.isTooLong) reading.addPlace(item);
          }
        }
        // Without a position to resume at, the rest of the file is lost, or more of the block follows.
        if (item.kind === 'fault' && item.resumeAt === undefined) isReadable = false;
        if (item.resumeAt === undefined) continue;
        this.#position(file, reading.upTo(item.resumeAt));
        if (this.isFull) yield this.take();
      }
    } catch (error) {
      if (!(error instanceof SourceError) || error.code === 'unavailable') throw error;
      if (isCollected) {
        this.#calls.onRefused?.(error);
        return;
      }
      isReadable = false;
      this.#addFault({ path, offset: 0, message: error.message });
    }
    const isDamaged = !reading.places.isEmpty;
    this.#report.files[isReadable ? (isDamaged ? 'damaged' : 'read') : 'unreadable'] += 1;
    if (isReadable || isCollected) this.#position(file, reading.ended());
    this.#ended(path, size);
  }

  #addFaultOf(path: string, { offset, message, records }: FaultItem): void {
    this.#addFault({ path, offset, message, ...(records !== undefined && { records }) });
  }

  #add(path: string, events: readonly CurrentsEvent[]): void {
    const { wanted, oldest } = this.#request;
    const accepted = events.filter(event => {
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
    const { oldest } = this.#request;
    return Map.groupBy(events, ({ time }) =>
      this.#mapping.at(queuedAt(secondsOf(time), queuedHour) ?? oldest),
    );
  }

  #addFault(fault: Fault): void {
    addFault(this.#report, fault);
    this.#calls.onFault(fault);
  }

  #position({ path, version }: SourceFile, { readUpTo, ...position }: FilePosition): void {
    this.#readUpTo(readUpTo);
    const address = addressOf(this.#source, path);
    this.#files.set(address, { path: address, version, ...position });
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
