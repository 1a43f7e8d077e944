import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BatchOutcome, Journal, PendingBatch } from '@braze-mixpanel/storage';
import type { ImportClient } from './import-client.ts';
import { mapRow, type RowProgress } from './map-rows.ts';
import { outcomeOf } from './outcome.ts';
import { packRequests } from './pack-requests.ts';
import { settleUnit } from './settle-unit.ts';
import { settleInShadow } from './shadow-mode.ts';
import type { Failure } from './verdict.ts';

export interface UnitOptions {
  readonly owner: string;
  readonly journal: Pick<Journal, 'complete'>;
  readonly send: ImportClient;
  readonly withoutSecrets: (text: string) => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly stop: AbortSignal;
}

/** What became of a unit's rows: each is in one of the three lists. */
export interface UnitResult {
  /** Completed: storage has their outcome. */
  readonly settled: readonly RowProgress[];
  /** A failure kept them from it. */
  readonly unsettled: readonly PendingBatch[];
  /** Nobody could map them. */
  readonly unreadable: readonly { readonly row: PendingBatch; readonly why: string }[];
  /** Whether anything of it was meant for Mixpanel: else its success says nothing about Mixpanel. */
  readonly sent: boolean;
  readonly failure: Failure | undefined;
}

const mappingSliceMs = 5;

/** Delivers leased rows together: map → pack → send → complete. Never throws. */
export async function deliverUnit(
  leased: readonly PendingBatch[],
  options: UnitOptions,
): Promise<UnitResult> {
  const { owner, journal, send, withoutSecrets, stop } = options;
  const { rows, unreadable } = await mapRows(leased, options);
  const requests = packRequests(rows.map(row => (row.shadow ? [] : row.outbound)));
  const sent = requests.length > 0;
  try {
    const failure = await settleUnit(requests, send, stop, withoutSecrets);
    const settled = rows.filter(row => row.unanswered === 0);
    const unsettled = rows.filter(row => row.unanswered > 0).map(row => row.batch);
    const outcomes = settled.map(row => outcomeWithout(row, withoutSecrets));
    if (outcomes.length > 0) await journal.complete(owner, outcomes);
    return { settled, unsettled, unreadable, sent, failure };
  } catch (error) {
    const unsettled = rows.map(row => row.batch);
    return { settled: [], unsettled, unreadable, sent, failure: notStored(error) };
  }
}

/** Storage did not take what it was to take: the same work may be done again. */
export const notStored = (error: unknown): Failure => ({
  kind: 'retry',
  code: 'outcome_not_stored',
  detail: text(error),
  retryAfterMs: undefined,
});

/** Maps rows in slices, so that requests from Braze are answered in between. */
async function mapRows(leased: readonly PendingBatch[], { now, monotonic }: UnitOptions) {
  const rows: RowProgress[] = [];
  const unreadable: { row: PendingBatch; why: string }[] = [];
  let sliceEnds = monotonic() + mappingSliceMs;
  for (const batch of leased) {
    if (monotonic() > sliceEnds) {
      await nextTurn();
      sliceEnds = monotonic() + mappingSliceMs;
    }
    try {
      const at = now();
      const row = mapRow(batch, at);
      if (row.shadow) settleInShadow(row, at);
      rows.push(row);
    } catch (error) {
      unreadable.push({ row: batch, why: text(error) });
    }
  }
  return { rows, unreadable };
}

function outcomeWithout(row: RowProgress, withoutSecrets: UnitOptions['withoutSecrets']): BatchOutcome {
  const outcome = outcomeOf(row);
  for (const letter of outcome.deadLetters) letter.detail = withoutSecrets(letter.detail);
  return outcome;
}

const text = (error: unknown): string => (error instanceof Error ? error.message : String(error));
