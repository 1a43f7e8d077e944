import { catalogue2026_07 } from '@braze-mixpanel/core/currents';
import { mappingOptionsText } from '@braze-mixpanel/core/mapping';
import type { BatchOutcome, Journal } from '@braze-mixpanel/storage';
import { EVENTS_PER_BATCH } from '../samples.ts';

const connection = 'default';
const owner = 'deliverer';
const profile = mappingOptionsText({ catalogueVersion: catalogue2026_07 });
/** Spreads the events of a user over the batches; a prime that divides no number of users. */
const step = 104_729;

/** The user with two events in every batch. */
export const frequentUser = 'user-in-every-batch';
export const frequentPerBatch = 2;
export const othersPerBatch = EVENTS_PER_BATCH - frequentPerBatch;

/** Batches that one storage keeps after their delivery, and the time of their completions. */
export class KeptEvents {
  readonly #journal: Pick<Journal, 'append' | 'lease' | 'complete'>;
  readonly #users: number;
  readonly #indexed: boolean;
  events = 0;
  /** Seconds of the completions. */
  seconds = 0;
  cpuSeconds = 0;

  /**
   * @param users number of different users in all batches, beside the frequent one
   * @param indexed whether the bodies are found by their users
   */
  constructor(journal: Pick<Journal, 'append' | 'lease' | 'complete'>, users: number, indexed: boolean) {
    this.#journal = journal;
    this.#users = users;
    this.#indexed = indexed;
  }

  /** Appends, leases and completes the batches from `first` on; only the completion is timed. */
  async keep(first: number, count: number): Promise<void> {
    const idsOf = new Map<number, string[]>();
    await Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const ids = this.#idsOf(first + index);
        const { id } = await this.#journal.append({
          ...{ connection, receivedAt: Date.now(), events: EVENTS_PER_BATCH, profile },
          body: bodyOf(ids, first + index),
        });
        idsOf.set(id, ids);
      }),
    );
    const rows = await this.#journal.lease({
      ...{ connection, owner, leaseMs: 60_000, maxRows: count, maxEvents: 1e6, maxBytes: 1e9, now: 0 },
    });
    const outcomes = rows.map(({ id, events }): BatchOutcome => {
      const users = this.#indexed ? { users: [...new Set(idsOf.get(id))] } : {};
      return { id, imported: events, skipped: {}, deadLetters: [], notes: {}, days: [], ...users };
    });
    const [begun, cpu] = [performance.now(), process.cpuUsage()];
    await this.#journal.complete(owner, outcomes, { keep: true });
    const { user, system } = process.cpuUsage(cpu);
    this.seconds += (performance.now() - begun) / 1_000;
    this.cpuSeconds += (user + system) / 1e6;
    this.events += count * EVENTS_PER_BATCH;
  }

  #idsOf(batch: number): string[] {
    const others = Array.from(
      { length: othersPerBatch },
      (_, index) => `user-${((batch * othersPerBatch + index) * step) % this.#users}`,
    );
    return [...others, ...Array<string>(frequentPerBatch).fill(frequentUser)];
  }
}

function bodyOf(ids: readonly string[], batch: number): Uint8Array {
  const events = ids.map((external_user_id, index) => ({
    ...{ id: `${batch}-${index}`, event_type: 'users.messages.email.Open', time: 1_700_000_000 },
    ...{ user: { external_user_id }, properties: {} },
  }));
  return new Uint8Array(new TextEncoder().encode(JSON.stringify({ events })));
}
