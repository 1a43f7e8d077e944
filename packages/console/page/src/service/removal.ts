import { call } from '../api/call.ts';
import type { Server } from '../app/about.ts';
import { Kept, useKept } from '../parts/kept.ts';
import type { Receipt } from './receipt.ts';

/** A removal of a user. It has no ID of the user: this outlives the form, and is shown. */
type Removal =
  | {
      readonly kind: 'running';
      /** Milliseconds since 1970 of this machine. */
      readonly since: number;
      readonly vendors: boolean;
    }
  | { readonly kind: 'ended'; readonly isComplete: boolean; readonly receipt: string }
  | { readonly kind: 'failed'; readonly why: string };

const kept = new Kept<Removal>();

/** The removal that this page asked for. It goes on while another view is shown, where its outcome waits to be read. */
export const removal = {
  /** Forgets a user. Resolves to the number of the receipt, or to `undefined` when it failed. */
  async start(
    server: Server,
    { externalId, vendors }: { readonly externalId: string; readonly vendors: boolean },
  ): Promise<string | undefined> {
    kept.show({ kind: 'running', since: Date.now(), vendors });
    try {
      const { complete, receipt } = await call<{ complete: boolean; receipt: Receipt | null }>(
        server,
        'api/forget',
        { method: 'POST', body: { externalId, confirm: true, vendors } },
      );
      if (receipt === null) throw new Error('The receipt could not be stored. Forget the user again.');
      kept.show({ kind: 'ended', isComplete: complete, receipt: receipt.number });
      return receipt.number;
    } catch (error) {
      kept.show({ kind: 'failed', why: error instanceof Error ? error.message : String(error) });
      return undefined;
    }
  },
  /** Removes the outcome of a removal that has ended. */
  clear(): void {
    if (kept.present?.kind !== 'running') kept.show(undefined);
  },
};

export const useRemoval = (): Removal | undefined => useKept(kept);
