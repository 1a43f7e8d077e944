import { openStorage, type Storage } from '@braze-mixpanel/storage';
import { type Logger, pino } from 'pino';
import { Activity, type Clock, followClock, realClock } from '../clock/index.ts';
import type { Config } from '../config/config.ts';
import { fileSpace, type StorageSpace } from '../observability/storage-space.ts';

/** What the service takes from outside; each has a default of the real world. */
export interface ServiceDependencies {
  readonly fetch: typeof fetch;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds that only ever grow, for waits. */
  readonly monotonic: () => number;
  /** Between 0 and 1. */
  readonly random: () => number;
  readonly openStorage: (url: string) => Promise<Storage>;
  /** What a storage file takes and what is left for it; `undefined` where that is not known. */
  readonly storageSpace: (url: string) => Promise<StorageSpace | undefined>;
  /** What schedules follow: real time, or the simulator's clock that CLOCK_URL names. */
  readonly clock: Clock;
}

/** The dependencies, each the given one or that of the real world. A clock that is followed is released by `cleanup`. */
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
    monotonic: () => performance.now(),
    random: Math.random,
    openStorage,
    storageSpace: fileSpace,
    ...given,
  };
  return { dependencies, activity };
}
