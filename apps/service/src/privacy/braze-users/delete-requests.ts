import type { BrazeUser, BrazeUsers, DeleteRequestPlace, StoredDeleteRequest } from '@braze-mixpanel/storage';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Activity, Clock } from '../../clock/index.ts';
import type { Config } from '../../config/config.ts';
import { LeaderJob } from '../../replicas/leader-job.ts';
import type { Work } from '../../replicas/leadership.ts';
import type { Forgotten } from '../forget.ts';
import type { Tombstones } from '../tombstones.ts';

export interface DeleteRequestsOptions {
  readonly store: Pick<BrazeUsers, 'related' | 'requests' | 'setReceipts' | 'end' | 'sweep'>;
  /** The present configuration. */
  readonly settings: () => Config['idMap'];
  readonly receiptNumber: Tombstones['receiptNumber'];
  /** Removes a user except for the pairs of the external ID, of which there are `pairs`, and writes the audit log. */
  readonly forget: (user: {
    readonly externalId: string;
    readonly vendors: boolean;
    readonly pairs: number;
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
 * - A request waits until its Braze ID has an external ID, and under `report` for ever. One that came late, as in a
 *   back-fill, is never acted on: the user may have come back since.
 * - It is not acted on where an external ID has events of another profile of Braze after the request, or after those of
 *   the deleted one: the user has come back, or another user has the ID.
 * - The pairs are deleted in the transaction that ends the request, so that a crash or a failure repeats the removal.
 */
export class DeleteRequests {
  readonly #options: DeleteRequestsOptions;
  readonly #job: LeaderJob;
  #nextAt: number | undefined;
  #sweptAt = Number.NEGATIVE_INFINITY;

  constructor(options: DeleteRequestsOptions) {
    const { clock, activity } = options;
    this.#options = options;
    this.#job = new LeaderJob({
      clock,
      activity,
      name: 'deletion of users requested by Braze',
      nextAt: () => this.#nextAt,
      run: () => this.#work(),
    });
  }

  /** Begins to act, until the returned work is closed. */
  lead(): Work {
    return this.#job.lead();
  }

  /** The configuration changed. */
  reconfigured(): void {
    this.#sweptAt = Number.NEGATIVE_INFINITY;
    void this.#job.runNow();
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
    while (this.#job.leads && (await store.sweep(limits)) > 0);
    this.#sweptAt = now;
  }

  async #act(vendors: boolean): Promise<void> {
    const { store } = this.#options;
    let failure: { error: unknown } | undefined;
    let page: readonly StoredDeleteRequest[] | undefined;
    do {
      page = await store.requests({ open: true, before: page?.at(-1), limit: atOnce });
      for (const request of page) {
        if (!this.#job.leads) return;
        await this.#actOn(request, vendors).catch((error: unknown) => {
          failure ??= { error };
        });
      }
    } while (page.length === atOnce);
    if (failure !== undefined) throw failure.error;
  }

  async #actOn({ braze, at, receipts }: StoredDeleteRequest, vendors: boolean): Promise<void> {
    const { store, forget } = this.#options;
    const related = await store.related(braze);
    const own = related.filter(each => each.braze === braze);
    const isKept = own.some(({ externalId, seen }) =>
      related.some(
        other => other.braze !== braze && other.externalId === externalId && other.seen > Math.min(at, seen),
      ),
    );
    if (isKept) return store.end(braze, 'kept');
    // Found by the pairs, which the end deletes.
    await store.setReceipts(braze, await receiptsOf(own, receipts, this.#options.receiptNumber));
    let isComplete = true;
    for (const { externalId } of own) {
      const pairs = related.filter(each => each.externalId === externalId).length;
      const { complete } = await forget({ externalId, vendors, pairs });
      isComplete &&= complete;
    }
    if (isComplete)
      await store.end(
        braze,
        'forgotten',
        own.map(({ externalId }) => externalId),
      );
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
        .enum(['waiting', 'late', 'forgotten', 'kept'])
        .describe(
          '`kept`: an external ID has later events of another profile, so the user came back, or another user has it. `late`: it came more than 7 days after it was made, as in a back-fill, and is not acted on.',
        ),
      known: z.boolean().describe('Whether the Braze ID has an external ID, or had one that was acted on.'),
      receipts: z.array(z.string()).describe('Numbers of the receipts of these external IDs.'),
    }),
  ),
  next: z.string().nullable().describe('`before` of the next page; `null` on the last one.'),
});

/** The place of a request: its time, and the salted digest of Braze's ID. */
export const requestPlaceSchema = z
  .string()
  .regex(/^\d{1,15}-[\da-f]{1,64}$/, { error: 'must be the `next` of the page before' })
  .transform(text => {
    const [at = '', braze = ''] = text.split('-');
    return { at: Number(at), braze };
  });

/** Braze's newest requests to delete users, without an ID. @throws StorageError */
export async function listDeleteRequests(
  store: Pick<BrazeUsers, 'requests' | 'related'>,
  tombstones: Pick<Tombstones, 'receiptNumber'>,
  page: { readonly before?: DeleteRequestPlace | undefined; readonly limit: number },
): Promise<z.output<typeof deleteRequestsSchema>> {
  const requests = [];
  const rows = await store.requests(page);
  for (const { braze, at, state, known, receipts: stored } of rows) {
    const pairs = known ? await store.related(braze) : [];
    const own = pairs.filter(each => each.braze === braze);
    const receipts = await receiptsOf(own, stored, id => tombstones.receiptNumber(id));
    const isEnded = state === 'forgotten' || state === 'kept';
    const wasKnown = known || isEnded || receipts.length > 0;
    requests.push({ at: new Date(at * 1_000).toISOString(), state, known: wasKnown, receipts });
  }
  const last = rows.length < page.limit ? undefined : rows.at(-1);
  return { requests, next: last === undefined ? null : `${last.at}-${last.braze}` };
}
