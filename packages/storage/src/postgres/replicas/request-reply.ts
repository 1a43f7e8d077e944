/**
 * Request/reply queue from replicas to the holder of a lease, in a table: the asker inserts a question, the
 * holder claims it once under its term and answers under the same term, and the asker deletes it.
 * Notifications make that quick; without them both sides poll.
 */
import { WakeSignal } from '@braze-mixpanel/concurrency';
import type { LeaseName } from '../../ports/index.ts';
import { StorageError } from '../../ports/index.ts';
import type { Queryable } from '../server/database.ts';
import type { Leases } from './leases.ts';
import type { NotificationChannel } from './notifications.ts';

const pollIntervalMs = 1_000;
/** Maximum number of questions that are answered at the same time. */
const mostAtOnce = 16;
/** Questions of an asker that died are deleted this long after their time-out. */
const keptAfterEnd = `interval '1 minute'`;

type Handle = (question: string) => Promise<string>;

export interface RequestReplyOptions {
  readonly database: Queryable;
  readonly notifications: NotificationChannel;
  readonly leases: Leases;
  readonly replica: string;
}

export class RequestReply {
  readonly #options: RequestReplyOptions;
  /** Signals that an answer may be there. */
  readonly #waiting = new Map<string, WakeSignal>();
  /** Signals that a question may be there. */
  readonly #answerers = new Map<LeaseName, WakeSignal>();
  readonly #answering = new Set<Promise<void>>();
  #closed = false;

  constructor(options: RequestReplyOptions) {
    this.#options = options;
    options.notifications.on(notice => {
      if (notice.kind === 'question') this.#answerers.get(notice.lease)?.notify();
      if (notice.kind === 'answer') this.#waiting.get(notice.question)?.notify();
    });
  }

  async ask(lease: LeaseName, question: string, timeoutMs: number): Promise<string> {
    const { database, notifications, replica } = this.#options;
    const [asked] = await database.query<{ id: string }>(
      `INSERT INTO replica_question (lease, question, asker, ends_at)
       VALUES ($1, $2, $3, clock_timestamp() + $4 * interval '1 millisecond')
       RETURNING id::text`,
      [lease, question, replica, timeoutMs],
    );
    const id = asked!.id;
    const signal = new WakeSignal();
    this.#waiting.set(id, signal);
    try {
      await notifications.tell({ kind: 'question', lease }).catch(() => undefined);
      return await this.#answerTo(id, signal, timeoutMs);
    } finally {
      this.#waiting.delete(id);
      await database.query('DELETE FROM replica_question WHERE id = $1', [id]).catch(() => undefined);
    }
  }

  /** Starts to answer questions; `handle` must not reject. */
  answer(lease: LeaseName, handle: Handle): void {
    const signal = new WakeSignal();
    this.#answerers.set(lease, signal);
    const looking = this.#look(lease, handle, signal).finally(() => this.#answering.delete(looking));
    this.#answering.add(looking);
  }

  /** Looks for questions that waited for a holder. */
  look(lease: LeaseName): void {
    this.#answerers.get(lease)?.notify();
  }

  /** Resolves when the current answers are written. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const signal of [...this.#answerers.values(), ...this.#waiting.values()]) signal.notify();
    await Promise.all(this.#answering);
  }

  async #answerTo(id: string, signal: WakeSignal, timeoutMs: number): Promise<string> {
    const until = performance.now() + timeoutMs;
    while (!this.#closed) {
      const left = until - performance.now();
      await signal.wait(Math.max(0, Math.min(left, pollIntervalMs)));
      const [now] = await this.#options.database.query<{ answer: string | null; lost: boolean }>(
        `SELECT answer, q.term IS NOT NULL AND q.term <> l.term AS lost
         FROM replica_question q JOIN replica_lease l ON l.name = q.lease
         WHERE q.id = $1`,
        [id],
      );
      if (now?.answer != null) return now.answer;
      if (now === undefined || now.lost) throw unanswered('the replica with the request is gone');
      if (performance.now() >= until)
        throw unanswered(`no response within ${Math.round(timeoutMs / 1_000)} s`);
    }
    throw unanswered('this replica is stopping');
  }

  async #look(lease: LeaseName, handle: Handle, signal: WakeSignal): Promise<void> {
    while (!this.#closed) {
      const taken = await this.#take(lease).catch(() => []);
      for (const { id, question, term } of taken) {
        const answering = this.#give(id, term, handle(question)).finally(() => {
          this.#answering.delete(answering);
          signal.notify();
        });
        this.#answering.add(answering);
      }
      await signal.wait(pollIntervalMs);
    }
  }

  async #take(lease: LeaseName): Promise<{ id: string; question: string; term: string }[]> {
    const { database, leases } = this.#options;
    const term = leases.termOf(lease);
    // `#answering` includes the polling loops.
    const free = mostAtOnce + this.#answerers.size - this.#answering.size;
    if (term === undefined || free <= 0) return [];
    const taken = await database.query<{ id: string; question: string }>(
      `WITH forgotten AS (
         DELETE FROM replica_question WHERE ends_at < clock_timestamp() - ${keptAfterEnd}
       )
       UPDATE replica_question SET term = $2
       WHERE id IN (
         SELECT id FROM replica_question
         WHERE lease = $1 AND term IS NULL AND ends_at > clock_timestamp()
         ORDER BY id LIMIT $3 FOR UPDATE SKIP LOCKED
       ) AND EXISTS (SELECT 1 FROM replica_lease WHERE name = $1 AND term = $2)
       RETURNING id::text, question`,
      [lease, term, free],
    );
    return taken.map(each => ({ ...each, term }));
  }

  /** Writes an answer. One that can't be written is lost; its asker gets a time-out. */
  async #give(id: string, term: string, answer: Promise<string>): Promise<void> {
    const { database, notifications } = this.#options;
    try {
      const given = await database.query(
        `UPDATE replica_question SET answer = $3
         WHERE id = $1 AND term = $2
           AND EXISTS (SELECT 1 FROM replica_lease l WHERE l.name = lease AND l.term = $2)
         RETURNING id`,
        [id, term, await answer],
      );
      if (given.length > 0) await notifications.tell({ kind: 'answer', question: id });
    } catch {
      return;
    }
  }
}

const unanswered = (why: string) =>
  new StorageError('unavailable', `The request to another replica failed: ${why}. Try again.`);
