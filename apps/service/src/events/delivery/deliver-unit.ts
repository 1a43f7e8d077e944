import type { ProjectTimeZone } from '@braze-mixpanel/core/mixpanel';
import type { BatchOutcome, Journal, PendingBatch } from '@braze-mixpanel/storage';
import type { EpochMs } from '../../clock/index.ts';
import { type ForgottenUsers, withoutForgotten } from './forgotten-users.ts';
import type { ImportClient } from './import-client.ts';
import { type MappedRow, mapRow } from './map-rows.ts';
import { freeJson } from './outbound-event.ts';
import { outcomeOf } from './outcome.ts';
import { packRequests } from './pack-requests.ts';
import type { RecentIds } from './recent-ids.ts';
import { settleUnit } from './settle-unit.ts';
import { type Settlement, settlementOf } from './settlement.ts';
import { shadowAnswers } from './shadow-mode.ts';
import type { Slices } from './slices.ts';
import type { Failure } from './verdict.ts';

export interface UnitOptions {
  readonly owner: string;
  readonly journal: Pick<Journal, 'complete'>;
  readonly send: ImportClient;
  readonly withoutSecrets: (text: string) => string;
  readonly now: () => EpochMs;
  /** Default: none. */
  readonly forgotten?: ForgottenUsers | undefined;
  /** Looks at rows before anything of them is sent; a rejection means that storage failed. Default: none. */
  readonly onRows?: ((rows: readonly MappedRow[]) => Promise<void>) | undefined;
  /** Of all units of the process. */
  readonly slices: Slices;
  /** Time zone of the Braze company; `undefined` for UTC. */
  readonly company?: ProjectTimeZone | undefined;
  /** IDs of events that were not imported; each delivery has its own. Default: none. */
  readonly recentIds?: RecentIds | undefined;
  /** Whether bodies are kept after their delivery. */
  readonly keepsDelivered?: () => boolean;
  readonly stop: AbortSignal;
}

/**
 * The outcome of a unit's rows: each is in one of the three lists, or was released because of a forgotten user.
 */
export interface UnitResult {
  /** Completed: their outcomes are stored. */
  readonly settled: readonly Settlement[];
  /** Not completed because of a failure. */
  readonly unsettled: readonly PendingBatch[];
  /** Rows whose bodies cannot be mapped. */
  readonly unreadable: readonly { readonly row: PendingBatch; readonly why: string }[];
  /** Whether anything of it was meant for Mixpanel: if not, its success proves nothing about Mixpanel. */
  readonly sent: boolean;
  readonly failure: Failure | undefined;
}

/**
 * Delivers leased rows together: map → skip forgotten users → pack → send → complete. Never throws.
 *
 * @param mapped rows that are mapped already, by id
 */
export async function deliverUnit(
  leased: readonly PendingBatch[],
  options: UnitOptions,
  mapped: ReadonlyMap<number, MappedRow> = new Map(),
): Promise<UnitResult> {
  const { owner, journal, send, withoutSecrets, now, stop, company, slices, forgotten, recentIds } = options;
  const keeps = options.keepsDelivered?.() ?? false;
  const found = await slices.map(leased, row => mapped.get(row.id) ?? mappedOf(row, now(), keeps));
  const readable = found.filter(each => 'batch' in each);
  const unreadable = found.filter(each => 'why' in each);
  let sent = false;
  const added: string[] = [];
  const isAgain = (id: string) => {
    const isNew = recentIds?.add(id) ?? true;
    if (isNew) added.push(id);
    return !isNew;
  };
  try {
    const rows =
      forgotten === undefined ? readable : await withoutForgotten(readable, owner, forgotten, slices);
    await options.onRows?.(rows);
    const requests = packRequests(rows.map(row => (row.shadow ? [] : row.outbound)));
    sent = requests.length > 0;
    const { answers, failure } = await settleUnit(requests, send, stop, withoutSecrets);
    const settlements = await slices.map(rows, row =>
      settlementOf(row, row.shadow ? shadowAnswers(row, now()) : answers, company, isAgain),
    );
    const settled = settlements.filter(({ unanswered }) => unanswered === 0);
    const unsettled = settlements.filter(({ unanswered }) => unanswered > 0).map(({ row }) => row.batch);
    const outcomes = await slices.map(settled, each => outcomeWithout(each, now(), withoutSecrets));
    if (outcomes.length > 0) await journal.complete(owner, outcomes);
    return { settled, unsettled, unreadable, sent, failure };
  } catch (error) {
    // The same events are delivered again.
    for (const id of added) recentIds?.remove(id);
    const unsettled = readable.map(row => row.batch);
    return { settled: [], unsettled, unreadable, sent, failure: notStored(error) };
  } finally {
    for (const row of readable) freeJson(row.outbound);
  }
}

/** The failure of storage to record an outcome: the same work may be done again. */
export const notStored = (error: unknown): Failure => ({
  kind: 'retry',
  code: 'outcome_not_stored',
  detail: text(error),
  retryAfterMs: undefined,
});

/** A row with its events mapped, or the reason why its body cannot be mapped. */
function mappedOf(
  row: PendingBatch,
  now: number,
  keeps: boolean,
): MappedRow | { readonly row: PendingBatch; readonly why: string } {
  try {
    return mapRow(row, now, undefined, keeps);
  } catch (error) {
    return { row, why: text(error) };
  }
}

function outcomeWithout(
  settlement: Settlement,
  at: number,
  withoutSecrets: UnitOptions['withoutSecrets'],
): BatchOutcome {
  const outcome = outcomeOf(settlement, at);
  for (const letter of outcome.deadLetters) letter.detail = withoutSecrets(letter.detail);
  return outcome;
}

const text = (error: unknown): string => (error instanceof Error ? error.message : String(error));
