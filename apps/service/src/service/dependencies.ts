import { type FileSource, openSource } from '@braze-mixpanel/currents-files';
import { openStorage, type Storage } from '@braze-mixpanel/storage';
import { type Logger, pino } from 'pino';
import { ReaderThread } from '../backfill/reading/reader-thread.ts';
import type { StepReader } from '../backfill/reading/step-reader.ts';
import {
  Activity,
  type Clock,
  type EpochMs,
  followClock,
  type MonotonicMs,
  realClock,
  realMonotonic,
} from '../clock/index.ts';
import type { Config } from '../config/config.ts';
import { fileSpace, type StorageSpace } from '../observability/storage-space.ts';

/**
 * The service's dependencies on its environment; the defaults are the real clock, random numbers and disk.
 */
export interface ServiceDependencies {
  readonly fetch: typeof fetch;
  readonly logger: Logger;
  readonly now: () => EpochMs;
  /** For waits. */
  readonly monotonic: () => MonotonicMs;
  /** A signal that is aborted after so many milliseconds, for reads that take minutes. */
  readonly timeout: (milliseconds: number) => AbortSignal;
  /** Between 0 and 1. */
  readonly random: () => number;
  readonly openStorage: (url: string) => Promise<Storage>;
  readonly openSource: (address: string) => Promise<FileSource>;
  /** Reads the files of a source for one back-fill: in a thread of its own. */
  readonly startReader: (source: FileSource) => StepReader;
  /** Used and free bytes of a storage file; `undefined` where they are not known. */
  readonly storageSpace: (url: string) => Promise<StorageSpace | undefined>;
  /** The clock of schedules: real time, or the simulator's clock at CLOCK_URL. */
  readonly clock: Clock;
}

/**
 * All dependencies: the given ones, and defaults for the rest. `cleanup` releases a clock that is followed.
 */
export async function resolveDependencies(
  { logLevel, clockUrl }: Pick<Config, 'logLevel' | 'clockUrl'>,
  given: Partial<ServiceDependencies>,
  cleanup: AsyncDisposableStack,
): Promise<{ dependencies: ServiceDependencies; activity: Activity }> {
  const logger = given.logger ?? pino({ level: logLevel, base: null }, pino.destination(2));
  const activity = new Activity();
  const followed =
    clockUrl === undefined || given.clock
      ? undefined
      : await followClock(clockUrl, { activity, report: message => logger.warn(message) });
  if (followed) cleanup.defer(() => followed.close());
  const clock = given.clock ?? followed ?? realClock();
  const dependencies = {
    fetch: globalThis.fetch,
    logger,
    clock,
    now: () => clock.now(),
    monotonic: realMonotonic,
    timeout: (milliseconds: number) => AbortSignal.timeout(milliseconds),
    random: Math.random,
    openStorage,
    openSource,
    startReader: ({ address }: FileSource) => new ReaderThread(address),
    storageSpace: fileSpace,
    ...given,
  };
  return { dependencies, activity };
}
