/**
 * Questions from replicas to the holder of a lease, by a table: one is put there, taken once under the
 * holder's term, answered under the same term, and taken away by who asked it. Notices make that quick;
 * without them it goes on by looking now and then.
 */
import { WakeSignal } from '@braze-mixpanel/concurrency';
import type { LeaseName } from '../../ports/index.ts';
import { StorageError } from '../../ports/index.ts';
import type { Queryable } from '../server/database.ts';
import type { Leases } from './leases.ts';
import type { NotificationChannel } from './notifications.ts';

const pollIntervalMs = 1_000;
/** Questions that are answered at once. */
const mostAtOnce = 16;
/** What an asker that died left behind goes this long after its time. */
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
  /** Rung when an answer may be there. */
  readonly #waiting = new Map<string, WakeSignal>();
  /** Rung when a question may be there. */
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

  /** Begins to take questions; `handle` must not reject. */
  answer(lease: LeaseName, handle: Handle): void {
    const signal = new WakeSignal();
    this.#answerers.set(lease, signal);
    const looking = this.#look(lease, handle, signal).finally(() => this.#answering.delete(looking));
    this.#answering.add(looking);
  }

  /** Questions that waited for a holder may be there. */
  look(lease: LeaseName): void {
    this.#answerers.get(lease)?.notify();
  }

  /** Resolves when the answers under way are written. */
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
      if (now === undefined || now.lost) throw unanswered('the replica that took the question is gone');
      if (performance.now() >= until)
        throw unanswered(`nobody did within ${Math.round(timeoutMs / 1_000)} s`);
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
    // The loop that looks is among them.
    const room = mostAtOnce + this.#answerers.size - this.#answering.size;
    if (term === undefined || room <= 0) return [];
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
      [lease, term, room],
    );
    return taken.map(each => ({ ...each, term }));
  }

  /** What can't be written is an answer that its asker does without. */
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
  new StorageError('unavailable', `No other replica answered a question: ${why}. Ask again.`);
