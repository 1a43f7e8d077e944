import type { ServerProcess } from '../../measure/server-process.ts';

/** Work that is prepared before the service starts, and ends with its scope. */
export interface BesideWork extends AsyncDisposable {
  /** Additional settings of the service. */
  readonly environment: Record<string, string>;
  /** Events that arrive at the sink as part of the live connection, in addition to the live ones. */
  readonly extraEvents: number;
  /** Resolves when the work has begun. */
  begin(service: ServerProcess): Promise<BegunWork>;
}

interface BegunWork {
  /** Resolves when the work is done; never if it goes on as long as the load. Rejects if it fails. */
  readonly ended: Promise<void>;
  /** How often it was done so far. */
  times(): number;
}

export interface BesideSetting {
  /** Of the service. */
  readonly storageUrl: string;
  /** For files. */
  readonly folder: string;
  /** Events or members. */
  readonly size: number;
  readonly signal: AbortSignal;
}
