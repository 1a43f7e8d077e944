import { describe } from 'vitest';
import { auditLog } from './audit-log.ts';
import { backfills } from './backfills.ts';
import { brazeUsers } from './braze-users.ts';
import { commit } from './cohorts/commit.ts';
import { documents } from './cohorts/documents.ts';
import { history } from './cohorts/history.ts';
import { ledgers, sentOnDays } from './cohorts/ledgers.ts';
import { pages } from './cohorts/pages.ts';
import { runs } from './cohorts/runs.ts';
import type { Contract, CreateHarness } from './contract.ts';
import { list } from './dead-letters/list.ts';
import { remove } from './dead-letters/remove.ts';
import { replay } from './dead-letters/replay.ts';
import { firstSeen } from './first-seen.ts';
import { idSummaries } from './id-summaries.ts';
import { jobDocuments } from './job-documents.ts';
import { append } from './journal/append.ts';
import { complete } from './journal/complete.ts';
import { counts } from './journal/counts.ts';
import { delivered } from './journal/delivered.ts';
import { deliveredUsers } from './journal/delivered-users.ts';
import { heldEvents } from './journal/held-events.ts';
import { lease } from './journal/lease.ts';
import { pending } from './journal/pending.ts';
import { quarantine } from './journal/quarantine.ts';
import { release } from './journal/release.ts';
import { rewrite } from './journal/rewrite.ts';
import { split } from './journal/split.ts';
import { suspects } from './journal/suspects.ts';
import { wait } from './journal/wait.ts';
import { mappingHistory } from './mapping-history.ts';
import { metricHistory } from './metric-history.ts';
import { model } from './model/model-run.ts';
import { openAndClose } from './open-and-close.ts';
import { receipts } from './receipts.ts';
import { reconciliations } from './reconciliations.ts';
import { retention } from './retention.ts';
import { standingFailures } from './standing-failures.ts';
import { tombstones } from './tombstones.ts';

/** The contracts of a storage engine in groups, each of which has a file of tests for each engine. */
export const contracts = {
  journal: [
    ...[append, lease, complete, release, wait, suspects, quarantine, split],
    ...[counts, pending, delivered, deliveredUsers, rewrite, heldEvents, openAndClose],
  ],
  records: [
    ...[list, replay, remove, retention, auditLog, backfills, idSummaries, firstSeen],
    ...[standingFailures, mappingHistory, metricHistory, reconciliations, jobDocuments, tombstones, receipts],
    brazeUsers,
  ],
  cohorts: [documents, runs, pages, history, commit, ledgers, sentOnDays],
  randomCommands: [model],
} satisfies Record<string, readonly Contract[]>;

/** Tests an engine against contracts. */
export function conformance(engine: string, createHarness: CreateHarness, tested: readonly Contract[]): void {
  describe(engine, () => {
    for (const contract of tested) contract(createHarness);
  });
}
