import type { Receipts, VendorDeletion } from '@braze-mixpanel/storage';
import type { Logger } from 'pino';
import type { Activity, Clock } from '../../clock/index.ts';
import type { ConnectionConfig } from '../../config/config.ts';
import { LeaderJob } from '../../replicas/leader-job.ts';
import type { Work } from '../../replicas/leadership.ts';
import {
  afterExchange,
  asking,
  type Deletion,
  type Outcome,
  readDeletion,
  storedDeletion,
  withoutAnswer,
} from './deletion.ts';
import { type DeletionAccess, readTask, requestDeletion } from './mixpanel-deletions.ts';
import { projectOf } from './project.ts';
import { nextOf } from './turn.ts';

export interface FollowDeletionsOptions {
  readonly store: Pick<Receipts, 'due' | 'put'>;
  /** Whether other processes may add deletions. */
  readonly shared: boolean;
  /** The present configuration. */
  readonly connections: () => readonly ConnectionConfig[];
  readonly clock: Clock;
  readonly activity: Activity;
  readonly fetch: typeof fetch;
  readonly logger: Logger;
  readonly withoutSecrets: (text: string) => string;
}

const timeoutMs = 60_000;
/** Mixpanel accepts one request in a second. */
const spacingMs = 1_000;
/** Wait of all requests after a limit, an outage, or a failure of storage. */
const pauseMs = 60_000;
/** Between two looks for deletions of other replicas, whose hints may be lost. */
const pollMs = 10 * 60_000;
const dayMs = 86_400_000;

/**
 * Requests deletions of Mixpanel and follows them, for as long as this replica leads: one request in a second, in the
 * order of their turns.
 *
 * - Before a request is sent, storage has it as `asking`, under a revision that only one replica gets. A crash, or an
 *   answer that is lost, leaves it so; it is requested again, and counted, since Mixpanel can't be searched for a task.
 * - Once Mixpanel has named a task, no further one is requested, and the ID is overwritten.
 */
export class FollowDeletions {
  readonly #options: FollowDeletionsOptions;
  readonly #job: LeaderJob;
  #nextAt: number | undefined;
  /** Before which no request is sent. */
  #pausedUntil = 0;

  constructor(options: FollowDeletionsOptions) {
    const { clock, activity } = options;
    this.#options = options;
    this.#job = new LeaderJob({
      clock,
      activity,
      name: 'deletion of users at the vendors',
      nextAt: () => this.#nextAt,
      run: () => this.#work(),
    });
  }

  /** Begins to follow, until the returned work is closed. */
  lead(): Work {
    return this.#job.lead();
  }

  /** Looks for what is due now. Resolves once the first of it was sent and answered; at once on a follower. */
  wake(): Promise<void> {
    return this.#job.runNow();
  }

  async #work(): Promise<void> {
    const { store, clock, logger, shared } = this.#options;
    try {
      if (clock.now() >= this.#pausedUntil) await this.#advanceFirst();
      const next = nextOf(await store.due(), clock.now());
      const dueAt = next?.dueAt === undefined ? undefined : Math.max(next.dueAt, this.#pausedUntil);
      const pollAt = shared ? clock.now() + pollMs : undefined;
      this.#nextAt = dueAt === undefined ? pollAt : Math.min(dueAt, pollAt ?? dueAt);
    } catch (error) {
      logger.error({ err: error }, 'a deletion in Mixpanel could not be followed; retrying');
      this.#pausedUntil = clock.now() + pauseMs;
      this.#nextAt = this.#pausedUntil;
    }
  }

  async #advanceFirst(): Promise<void> {
    const { store, clock, logger } = this.#options;
    const stored = nextOf(await store.due(), clock.now());
    if (stored?.dueAt === undefined || stored.dueAt > clock.now() || this.#job.stop.aborted) return;
    const { connection, number: receipt } = stored;
    let deletion: Deletion;
    try {
      deletion = readDeletion(stored);
    } catch {
      logger.error({ connection, receipt }, 'a stored deletion in Mixpanel cannot be read');
      await store.put({ ...stored, dueAt: clock.now() + dayMs }, stored.revision);
      return;
    }
    const { outcome, begun } = await this.#ask(stored, deletion);
    if (outcome === undefined) return;
    this.#pausedUntil = clock.now() + spacingMs;
    if (outcome.kind === 'again' && !outcome.correct)
      this.#pausedUntil = clock.now() + Math.max(pauseMs, outcome.retryAfterMs ?? 0);
    const next = afterExchange(begun.deletion, outcome, clock.now());
    const kept = await store.put(storedDeletion(next), begun.revision);
    const { problem, state } = next;
    const place = { connection, receipt, task: next.taskId };
    if (!kept)
      logger.error(place, 'another replica changed a deletion in Mixpanel while this one asked about it');
    else if (state === 'done') logger.info(place, 'Mixpanel deleted the data of a user');
    else if (problem !== null && problem !== deletion.problem)
      logger.warn({ ...place, code: 'mixpanel_deletion' }, `A user is not deleted in Mixpanel: ${problem}`);
  }

  /** One exchange with Mixpanel. Without an outcome, another replica was first. */
  async #ask(
    stored: VendorDeletion,
    deletion: Deletion,
  ): Promise<{
    readonly outcome?: Outcome;
    readonly begun: { readonly deletion: Deletion; readonly revision: number };
  }> {
    const { store, clock } = this.#options;
    const access = this.#accessOf(deletion.project);
    const { taskId, externalId } = deletion;
    const begun = { deletion, revision: stored.revision };
    if (taskId === null && externalId === null)
      return { begun, outcome: { kind: 'failed', problem: 'The ID is not kept any longer.' } };
    if (access === undefined) {
      const problem =
        'No connection has MIXPANEL_OAUTH_TOKEN and the MIXPANEL_TOKEN of the project in which the deletion was requested.';
      // Nothing is sent, so an answer that was lost before stays counted.
      return {
        begun: { ...begun, deletion: this.#answered(deletion) },
        outcome: { kind: 'again', problem, correct: true },
      };
    }
    if (taskId !== null) return { begun, outcome: await readTask(taskId, access) };
    const asked = asking(this.#answered(deletion), clock.now());
    if (!(await store.put(storedDeletion(asked), stored.revision))) return { begun };
    const outcome = await requestDeletion(externalId!, access);
    return { begun: { deletion: asked, revision: stored.revision + 1 }, outcome };
  }

  /** A deletion that is due while it was asked for has lost its answer. */
  #answered = (deletion: Deletion): Deletion =>
    deletion.state === 'asking' ? withoutAnswer(deletion) : deletion;

  #accessOf(project: string): DeletionAccess | undefined {
    const { connections, fetch, clock, withoutSecrets } = this.#options;
    const mixpanel = connections().find(each => projectOf(each.mixpanel) === project)?.mixpanel;
    if (mixpanel?.deletions === undefined) return undefined;
    const vendor = { fetch, timeoutMs, now: () => clock.now() };
    return { mixpanel, ...mixpanel.deletions, vendor, withoutSecrets, stop: this.#job.stop };
  }
}
