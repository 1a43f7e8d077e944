import { setTimeout as pause } from 'node:timers/promises';
import { type BackfillJson, backfillEndpoints } from '../http/backfill-endpoints.ts';
import type { AdminClient } from './admin-client.ts';
import { AdminError } from './admin-error.ts';
import type { Progress } from './backfill-progress.ts';
import { counted } from './terminal.ts';

const lookMs = 500;

/** What {@link watchBackfill} needs besides the back-fill. */
export interface WatchOptions {
  readonly progress: Progress;
  /** Whether the service ends with this command. */
  readonly isAlone: boolean;
  /** Waits between two looks; resolves early when the signal is aborted. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Shows the progress of a back-fill until it ends and its events are delivered, or until SIGINT.
 *
 * @throws AdminError where the service is gone, which says what becomes of the back-fill
 */
export async function watchBackfill(
  service: AdminClient,
  job: BackfillJson,
  { progress, isAlone, wait = realWait }: WatchOptions,
): Promise<BackfillJson> {
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  let seen = job;
  try {
    while (!stop.signal.aborted) {
      seen = await service.call(backfillEndpoints.show, { id: String(job.id) });
      progress.show(seen, await firstOf(service, seen));
      if (hasEnded(seen)) break;
      await wait(lookMs, stop.signal);
    }
  } catch (error) {
    throw error instanceof AdminError && error.code === undefined ? lost(error, job) : error;
  } finally {
    progress.end();
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
  if (stop.signal.aborted) console.error(isAlone ? stoppedText(seen) : goesOnText(job));
  return seen;
}

const realWait = (ms: number, signal: AbortSignal): Promise<void> =>
  pause(ms, undefined, { signal }).catch(() => undefined);

/** A dry run has nothing to deliver. */
const hasEnded = ({ state, isDryRun, delivery }: BackfillJson): boolean =>
  state !== 'running' && (state !== 'done' || isDryRun || delivery.pending === 0);

/** The back-fill that runs before this one, since one runs at a time; `undefined` once this one has begun. */
async function firstOf(
  service: AdminClient,
  { id, state, report }: BackfillJson,
): Promise<number | undefined> {
  if (state !== 'running' || report.total !== null || report.bytes > 0) return undefined;
  const { backfills } = await service.call(backfillEndpoints.list, { query: { limit: '1000' } });
  const before = backfills.filter(each => each.id < id && each.state === 'running' && !each.collects);
  return before.at(-1)?.id;
}

const lost = ({ message }: AdminError, { id }: BackfillJson): AdminError =>
  new AdminError(
    `${message} Back-fill ${id} is stored, and continues once a service runs with its storage: see backfill show ${id}.`,
  );

/** What becomes of a back-fill whose service ends with this command. */
const stoppedText = ({ id, state, delivery: { pending } }: BackfillJson): string =>
  state === 'done'
    ? `Stopped. ${counted(pending, 'event is', 'events are')} waiting, and delivered once a service runs with this storage.`
    : `Stopped. Back-fill ${id} continues once a service runs with this storage.`;

const goesOnText = ({ id }: BackfillJson): string =>
  `Back-fill ${id} continues in the service. Show it with: backfill show ${id}`;
