import type { BrazeUser, BrazeUsers, StoredDeleteRequest } from '@braze-mixpanel/storage';
import type { Logger } from 'pino';
import { z } from 'zod';
import { type Activity, type Clock, ScheduledJob } from '../../clock/index.ts';
import type { Config } from '../../config/config.ts';
import type { Work } from '../../replicas/leadership.ts';
import type { Forgotten } from '../forget.ts';
import type { Tombstones } from '../tombstones.ts';

export interface DeleteRequestsOptions {
  readonly store: Pick<BrazeUsers, 'related' | 'requests' | 'setReceipts' | 'end' | 'sweep' | 'put'>;
  /** The present configuration. */
  readonly settings: () => Config['idMap'];
  readonly receiptNumber: Tombstones['receiptNumber'];
  /** Removes a user, and writes the audit log. */
  readonly forget: (user: {
    readonly externalId: string;
    readonly vendors: boolean;
  }) => Promise<Pick<Forgotten, 'complete'>>;
  readonly clock: Clock;
  readonly activity: Activity;
  readonly logger: Logger;
}

const actEveryMs = 10 * 60_000;
const dayMs = 24 * 3_600_000;
/** Days for which a pair that no event renews is kept, and a request. */
const keptDays = 400;
const mostPairs = 5_000_000;
const atOnce = 20;

/**
 * Acts on Braze's requests to delete users as `USER_DELETE_REQUESTS` says, for as long as this replica leads, and
 * deletes old pairs; all of them where the map is off.
 *
 * A request waits until its Braze ID has an external ID, and under `report` for ever. It is not acted on where an
 * external ID has events of another profile of Braze since: the user has come back.
 */
export class DeleteRequests {
  readonly #options: DeleteRequestsOptions;
  #job: ScheduledJob | undefined;
  #nextAt: number | undefined;
  #sweptAt = Number.NEGATIVE_INFINITY;

  constructor(options: DeleteRequestsOptions) {
    this.#options = options;
  }

  /** Begins to act, until the returned work is closed. */
  lead(): Work {
    const { clock, activity } = this.#options;
    const job = new ScheduledJob({
      clock,
      nextAt: () => this.#nextAt,
      run: () => activity.track(() => this.#work()),
    });
    this.#job = job;
    void job.runNow();
    return {
      close: async () => {
        this.#job = undefined;
        await job.close();
      },
    };
  }

  /** The configuration changed. */
  reconfigured(): void {
    this.#sweptAt = Number.NEGATIVE_INFINITY;
    void this.#job?.runNow();
  }

  async #work(): Promise<void> {
    const { clock, settings, logger } = this.#options;
    const { keep, onDelete } = settings();
    const acts = keep && onDelete !== 'report';
    try {
      await this.#sweep(keep);
      if (acts) await this.#act(onDelete === 'forget-vendors');
    } catch (error) {
      logger.error({ err: error }, "Braze's requests to delete users were not acted on; retrying");
    }
    this.#nextAt = keep ? clock.now() + (acts ? actEveryMs : dayMs) : undefined;
  }

  async #sweep(keep: boolean): Promise<void> {
    const { clock, store } = this.#options;
    const now = clock.now();
    if (now - this.#sweptAt < dayMs && now >= this.#sweptAt) return;
    const before = Math.floor((now - keptDays * dayMs) / 1_000);
    const limits = keep ? { before, most: mostPairs } : { before: Number.MAX_SAFE_INTEGER, most: 0 };
    while (this.#job !== undefined && (await store.sweep(limits)) > 0);
    this.#sweptAt = now;
  }

  async #act(vendors: boolean): Promise<void> {
    const { store } = this.#options;
    for (let ended = 1; ended > 0; ) {
      ended = 0;
      for (const request of await store.requests({ open: true, limit: atOnce })) {
        if (this.#job === undefined) return;
        if (await this.#actOn(request, vendors)) ended += 1;
      }
    }
  }

  /** Resolves to whether the request has ended. */
  async #actOn({ braze, at, receipts }: StoredDeleteRequest, vendors: boolean): Promise<boolean> {
    const { store, forget } = this.#options;
    const related = await store.related(braze);
    const isBack = related.some(other => other.braze !== braze && other.seen > at);
    if (isBack) {
      await store.end(braze, 'kept');
      return true;
    }
    const own = related.filter(each => each.braze === braze);
    // The removal deletes the pairs, by which the receipts would be found.
    await store.setReceipts(braze, await receiptsOf(own, receipts, this.#options.receiptNumber));
    const left = [];
    for (const pair of own) {
      const { complete } = await forget({ externalId: pair.externalId, vendors });
      if (!complete) left.push(pair);
    }
    // The removal deleted the pair, which its repetition needs.
    if (left.length > 0) await store.put(left);
    else await store.end(braze, 'forgotten');
    return left.length === 0;
  }
}

/** Numbers of the receipts of a request: the stored ones, and those of the present external IDs. */
async function receiptsOf(
  own: readonly BrazeUser[],
  stored: readonly string[],
  receiptNumber: Tombstones['receiptNumber'],
): Promise<string[]> {
  const present = await Promise.all(own.map(({ externalId }) => receiptNumber(externalId)));
  return [...new Set([...stored, ...present])];
}

export const deleteRequestsSchema = z.object({
  requests: z.array(
    z.object({
      at: z.string().describe('When Braze was asked.'),
      state: z
        .enum(['waiting', 'forgotten', 'kept'])
        .describe('`kept`: an external ID has events of another profile since, so the user came back.'),
      known: z.boolean().describe('Whether the Braze ID has an external ID, or had one that was acted on.'),
      receipts: z.array(z.string()).describe('Numbers of the receipts of these external IDs.'),
    }),
  ),
});

/** Braze's newest requests to delete users, without an ID. @throws StorageError */
export async function listDeleteRequests(
  store: Pick<BrazeUsers, 'requests' | 'related'>,
  tombstones: Pick<Tombstones, 'receiptNumber'>,
  limit: number,
): Promise<z.output<typeof deleteRequestsSchema>> {
  const requests = [];
  for (const { braze, at, state, known, receipts: stored } of await store.requests({ limit })) {
    const pairs = known ? await store.related(braze) : [];
    const own = pairs.filter(each => each.braze === braze);
    const receipts = await receiptsOf(own, stored, id => tombstones.receiptNumber(id));
    const wasKnown = known || state !== 'waiting' || receipts.length > 0;
    requests.push({ at: new Date(at * 1_000).toISOString(), state, known: wasKnown, receipts });
  }
  return { requests };
}
