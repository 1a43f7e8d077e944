import { setTimeout as pause } from 'node:timers/promises';
import { type RequestDeletionsOptions, requestDeletions } from './deletions/request-deletions.ts';
import { type ForgetOptions, type Forgotten, forget } from './forget.ts';
import { addToReceipt, type Receipt, type ReceiptsOptions, receiptOf } from './receipts.ts';
import type { Tombstones } from './tombstones.ts';

export interface ForgetWithReceiptOptions extends ForgetOptions {
  readonly tombstones: Pick<Tombstones, 'add' | 'store' | 'receiptNumber' | 'isForgotten'>;
  readonly receipts: ReceiptsOptions['receipts'] & RequestDeletionsOptions['receipts'];
  readonly connections: RequestDeletionsOptions['connections'];
  /** Has the leading replica look for what is due; resolves once the first of it was answered, where that is this one. */
  readonly wakeDeletions: () => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly keepsDelivered: boolean;
}

/** Time for which a call waits for Mixpanel's first answer. */
const firstAnswerMs = 15_000;
/** After which Mixpanel is asked although the removal has not ended: it was interrupted, most likely. */
const interruptedMs = 10 * 60_000;

/**
 * Removes a user, asks for the deletions in Mixpanel where that is wanted, and stores the receipt. What fails is named
 * in `failed`, beside what the removal could not do. The receipt, without an end, the tombstone and the requests to
 * Mixpanel are stored before anything is removed: an interrupted removal is known, and Mixpanel is asked in spite of it.
 * Otherwise Mixpanel is asked after the removal, when no event of the user is on the way there.
 *
 * @throws StorageError if storage is unavailable at the start; nothing is removed then
 */
export async function forgetWithReceipt(
  { externalId, vendors }: { readonly externalId: string; readonly vendors: boolean },
  options: ForgetWithReceiptOptions,
): Promise<{ readonly done: Forgotten; readonly receipt: Receipt | null }> {
  const { tombstones, onFailure, keepsDelivered, wakeDeletions, now } = options;
  const failed: string[] = [];
  const attempt = async <Result>(part: string, work: () => Promise<Result>): Promise<Result | undefined> => {
    try {
      return await work();
    } catch (cause) {
      onFailure(part, cause);
      failed.push(part);
      return undefined;
    }
  };
  const number = await tombstones.receiptNumber(externalId);
  const begun = { ...noCall, what: 'forget', keptDelivered: keepsDelivered } as const;
  const write = await addToReceipt(number, begun, options);
  await tombstones.store(externalId);
  const request = (dueAt: number) => requestDeletions({ externalId, number, dueAt }, options);
  const asked = vendors
    ? await attempt('request to Mixpanel', async () => {
        const entry = { ...begun, vendors, notAsked: await request(now() + interruptedMs) };
        await write(entry);
        return entry;
      })
    : undefined;
  const removed = await forget(externalId, options);
  if (asked !== undefined) await attempt('request to Mixpanel', () => request(now()));
  const done = () => {
    const parts = [...new Set([...removed.failed, ...failed])];
    return { ...removed, failed: parts, complete: removed.complete && parts.length === 0 };
  };
  const receipt = await attempt('receipt', async () => {
    await write({ ...(asked ?? begun), removed: done() });
    if (vendors) await Promise.race([wakeDeletions(), pause(firstAnswerMs, undefined, { ref: false })]);
    return receiptOf(number, options);
  });
  return { done: done(), receipt: receipt ?? null };
}

/** An entry of a receipt without a removal. */
export const noCall = { vendors: false, notAsked: [], keptDelivered: false, removed: null };
