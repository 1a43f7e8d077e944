import type { PendingBatch } from '@braze-mixpanel/storage';
import type { MappedRow } from './map-rows.ts';
import type { Slices } from './slices.ts';

/** The reason under which events of forgotten users are skipped. */
export const forgottenReason = 'forgotten';

/** Users whose events are not delivered. */
export interface ForgottenUsers {
  /** Brings the list up to date. Rejects if storage cannot be read. */
  refresh(): Promise<void>;
  /** Whether no user is forgotten; rows are not looked at then. */
  readonly isEmpty: boolean;
  /** Whether the user is forgotten. */
  has(externalId: string): boolean;
  /** A stored body without the events of forgotten users, and the number of those. */
  without(body: Uint8Array): { readonly body: Uint8Array; readonly removed: number };
  /** IDs of forgotten users in a row. */
  idsIn(row: MappedRow): readonly string[];
  /**
   * Releases a row that `owner` has leased, and removes the users' events from the stored batch: they are skipped, and
   * the batch is leased again without them.
   */
  remove(owner: string, row: PendingBatch, ids: readonly string[]): Promise<void>;
}

/**
 * The rows without events of forgotten users. Every other row is released: nothing of it is sent, retained or
 * dead-lettered before these events are removed.
 */
export async function withoutForgotten(
  rows: readonly MappedRow[],
  owner: string,
  users: ForgottenUsers,
  slices: Slices,
): Promise<readonly MappedRow[]> {
  await users.refresh();
  if (users.isEmpty) return rows;
  const ids = await slices.map(rows, row => users.idsIn(row));
  for (const [index, { batch }] of rows.entries())
    if (ids[index]!.length > 0) await users.remove(owner, batch, ids[index]!);
  return rows.filter((_row, index) => ids[index]!.length === 0);
}
