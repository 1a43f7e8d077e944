import type { FileItem, ReadOptions } from '@braze-mixpanel/currents-files';
import type { KnownFile } from './step-reader.ts';
import { UnreadPlaces } from './unread-places.ts';

/** A place that cannot be read. */
export type FaultItem = Extract<FileItem, { kind: 'fault' }>;

/** How far a file is read, as it is stored, and up to which byte for the progress. */
export interface FilePosition extends Omit<KnownFile, 'version'> {
  readonly readUpTo: number;
}

/**
 * One reading of a file: from where it was left, or, where it was read to its end, of the places that could not
 * be read. Blocks between these were accepted before and are passed over.
 */
export class FileReading implements ReadOptions {
  /** Position at which reading begins. */
  readonly from: number;
  readonly #size: number;
  /** Places of an earlier reading that are tried again; `undefined` where the file was not read to its end. */
  readonly #tried: UnreadPlaces | undefined;
  readonly #places: UnreadPlaces;

  constructor(size: number, known: KnownFile | undefined) {
    const before = new UnreadPlaces(known?.unreadable);
    this.#size = size;
    this.#tried = known?.done ? before : undefined;
    this.#places = known?.done ? new UnreadPlaces() : before;
    this.from = known?.done ? before.start : (known?.position ?? 0);
  }

  /** What cannot be read so far. */
  get places(): UnreadPlaces {
    return this.#places;
  }

  /** Whether everything from an item on was read before. */
  isBehind({ offset }: FileItem): boolean {
    return this.#tried !== undefined && offset >= this.#tried.end;
  }

  /** Whether an item is of a place that was not read before. */
  isNew(item: FileItem): boolean {
    return this.#tried === undefined || !this.#tried.within(item.offset, endOf(item)).isEmpty;
  }

  /** Adds the place of an item that cannot be read. */
  addPlace(item: FaultItem): void {
    // Without a position to resume at, nothing of the file can be read.
    const [from, until] =
      item.resumeAt === undefined ? [this.from, this.#size] : [item.offset, item.resumeAt];
    if (this.#tried === undefined) this.#places.add(from, until);
    else this.#places.addAll(this.#tried.within(from, until));
  }

  /** The file once everything before a position was read. */
  upTo(position: number): FilePosition {
    if (this.#tried === undefined)
      return { position, done: false, unreadable: this.#places.text, readUpTo: position };
    const left = new UnreadPlaces(this.#places.text);
    left.addAll(this.#tried.within(position, this.#size));
    return { position: this.#size, done: true, unreadable: left.text, readUpTo: position };
  }

  /** The file once it was read to its end. */
  ended(): FilePosition {
    return { ...{ position: this.#size, done: true, unreadable: this.#places.text }, readUpTo: this.#size };
  }
}

/** Position behind an item; all of the file where nothing of it can be read. */
const endOf = ({ kind, offset, resumeAt }: FileItem): number =>
  resumeAt ?? (kind === 'fault' ? Number.MAX_SAFE_INTEGER : offset + 1);
