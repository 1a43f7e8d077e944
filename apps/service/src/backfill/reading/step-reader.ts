import type { SourceFile } from '@braze-mixpanel/currents-files';
import type { CollectedFile } from '@braze-mixpanel/storage';
import type { BatchText } from '../batch-texts.ts';
import type { MappingPeriods } from '../mapping/mapping-in-force.ts';
import type { BackfillReport, Fault } from '../report.ts';
import type { Wanted } from '../wanted.ts';

/** Part of the work of a back-fill, which is stored as one transaction. */
export interface Step {
  readonly batches: readonly BatchText[];
  readonly files: readonly Omit<CollectedFile, 'connection' | 'scope'>[];
  /** After this step. */
  readonly report: BackfillReport;
}

/** What is read of a source: data, which another thread can receive. */
export interface ReadRequest {
  readonly wanted: Wanted;
  /** What was read so far. Without files and bytes of the whole source, these are counted beside reading. */
  readonly report: BackfillReport;
  /** Of mapping options of past moments. */
  readonly mapping: MappingPeriods;
  /** Earliest time that Mixpanel imports, milliseconds since 1970. */
  readonly oldest: number;
  /**
   * Present where new files are collected for good: only these are read. Contents that cannot be read are not
   * read again until they change, and files without access are not in the report.
   */
  readonly collected?: readonly SourceFile[] | undefined;
}

/** How far a file was read before. */
export type KnownFile = Pick<CollectedFile, 'version' | 'position' | 'done' | 'unreadable'>;

/** What reading asks for and tells. */
export interface ReadCalls {
  /** The files of these addresses that were begun or read, by address. */
  readonly known: (paths: string[]) => Promise<ReadonlyMap<string, KnownFile>>;
  /** Called for each place that cannot be read: the report does not have all of them. */
  readonly onFault: (fault: Fault) => void;
  /** Called for each collected file without access, which is tried again the next time. */
  readonly onRefused?: ((error: Error) => void) | undefined;
}

/** Reads the files of a source for one job. */
export interface StepReader {
  /**
   * The steps of a request. Reading is ahead of the steps that were taken by a bounded number of them, and ends
   * when the iteration does.
   *
   * @throws SourceError if the source cannot be listed, or is unavailable
   * @throws ReaderError if the thread that reads ended by itself
   */
  read(request: ReadRequest, calls: ReadCalls): AsyncGenerator<Step>;
  /** Ends reading for good. */
  close(): Promise<void>;
}

/** Why reading ended by itself, as a sentence. It may pass: what was not stored is read again. */
export class ReaderError extends Error {
  override readonly name = 'ReaderError';
}
