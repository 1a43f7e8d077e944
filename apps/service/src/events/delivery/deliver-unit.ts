import { setImmediate as yieldToEvents } from 'node:timers/promises';
import type { ProjectTimeZone } from '@braze-mixpanel/core/mixpanel';
import type { BatchOutcome, Journal, PendingBatch } from '@braze-mixpanel/storage';
import { type EpochMs, later, type MonotonicMs } from '../../clock/index.ts';
import type { ImportClient } from './import-client.ts';
import { type MappedRow, mapRow } from './map-rows.ts';
import { freeJson } from './outbound-event.ts';
import { outcomeOf } from './outcome.ts';
import { packRequests } from './pack-requests.ts';
import { settleUnit } from './settle-unit.ts';
import { type Settlement, settlementOf } from './settlement.ts';
import { shadowAnswers } from './shadow-mode.ts';
import type { Failure } from './verdict.ts';

export interface UnitOptions {
  readonly owner: string;
  readonly journal: Pick<Journal, 'complete'>;
  readonly send: ImportClient;
  readonly withoutSecrets: (text: string) => string;
  readonly now: () => EpochMs;
  readonly monotonic: () => MonotonicMs;
  /** Time zone of the Braze company; `undefined` for UTC. */
  readonly company?: ProjectTimeZone | undefined;
  readonly stop: AbortSignal;
}

/** The outcome of a unit's rows: each is in one of the three lists. */
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

/** An acknowledgement waits for one slice at most. */
const mappingSliceMs = 1;

/**
 * Delivers leased rows together: map → pack → send → complete. Never throws.
 *
 * @param mapped rows that are mapped already, by id
 */
export async function deliverUnit(
  leased: readonly PendingBatch[],
  options: UnitOptions,
  mapped: ReadonlyMap<number, MappedRow> = new Map(),
): Promise<UnitResult> {
  const { owner, journal, send, withoutSecrets, now, stop, company } = options;
  const { rows, unreadable } = await mapRows(leased, mapped, options);
  const requests = packRequests(rows.map(row => (row.shadow ? [] : row.outbound)));
  const sent = requests.length > 0;
  try {
    const { answers, failure } = await settleUnit(requests, send, stop, withoutSecrets);
    const settlements = rows.map(row =>
      settlementOf(row, row.shadow ? shadowAnswers(row, now()) : answers, company),
    );
    const settled = settlements.filter(({ unanswered }) => unanswered === 0);
    const unsettled = settlements.filter(({ unanswered }) => unanswered > 0).map(({ row }) => row.batch);
    const outcomes = settled.map(each => outcomeWithout(each, withoutSecrets));
    if (outcomes.length > 0) await journal.complete(owner, outcomes);
    return { settled, unsettled, unreadable, sent, failure };
  } catch (error) {
    const unsettled = rows.map(row => row.batch);
    return { settled: [], unsettled, unreadable, sent, failure: notStored(error) };
  } finally {
    for (const row of rows) freeJson(row.outbound);
  }
}

/** The failure of storage to record an outcome: the same work may be done again. */
export const notStored = (error: unknown): Failure => ({
  kind: 'retry',
  code: 'outcome_not_stored',
  detail: text(error),
  retryAfterMs: undefined,
});

/** Maps rows in slices; the event loop runs between them. */
async function mapRows(
  leased: readonly PendingBatch[],
  mapped: ReadonlyMap<number, MappedRow>,
  { now, monotonic }: UnitOptions,
) {
  const rows: MappedRow[] = [];
  const unreadable: { row: PendingBatch; why: string }[] = [];
  let sliceEnds = later(monotonic(), mappingSliceMs);
  for (const batch of leased) {
    if (monotonic() > sliceEnds) {
      await yieldToEvents();
      sliceEnds = later(monotonic(), mappingSliceMs);
    }
    try {
      rows.push(mapped.get(batch.id) ?? mapRow(batch, now()));
    } catch (error) {
      unreadable.push({ row: batch, why: text(error) });
    }
  }
  return { rows, unreadable };
}

function outcomeWithout(settlement: Settlement, withoutSecrets: UnitOptions['withoutSecrets']): BatchOutcome {
  const outcome = outcomeOf(settlement);
  for (const letter of outcome.deadLetters) letter.detail = withoutSecrets(letter.detail);
  return outcome;
}

const text = (error: unknown): string => (error instanceof Error ? error.message : String(error));
