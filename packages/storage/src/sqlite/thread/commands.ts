import { appendAudit, listAudit } from '../audit.ts';
import * as backfills from '../backfills.ts';
import * as brazeUsers from '../braze-users.ts';
import { commit, documents } from '../cohorts/commit.ts';
import { appendLedger, createLedger, ledgers, readLedger, sentOnDays } from '../cohorts/ledgers.ts';
import { groups, history, putPage, readPages } from '../cohorts/pages.ts';
import { appendChunks, createRun, keepOnlyRuns, readChunks } from '../cohorts/runs.ts';
import { countBy, get, list } from '../dead-letters/dead-letters.ts';
import { remove } from '../dead-letters/remove.ts';
import { replay } from '../dead-letters/replay.ts';
import { overwrite } from '../file/truncate-wal.ts';
import * as firstSeen from '../first-seen.ts';
import * as idSummaries from '../id-summaries.ts';
import * as jobDocuments from '../job-documents.ts';
import { append } from '../journal/append.ts';
import { delivered, pending } from '../journal/body-pages.ts';
import { complete } from '../journal/complete.ts';
import { lease } from '../journal/lease.ts';
import { makeDue, postpone, postponed } from '../journal/postpone.ts';
import { clearProbe, writeProbe } from '../journal/probe.ts';
import { release } from '../journal/release.ts';
import { renew } from '../journal/renew.ts';
import { rewrite } from '../journal/rewrite.ts';
import { acquit, quarantined, readmit, split } from '../journal/suspects.ts';
import * as mappingHistory from '../mapping-history.ts';
import * as metricHistory from '../metric-history.ts';
import * as receipts from '../receipts.ts';
import * as reconciliations from '../reconciliations.ts';
import * as standingFailures from '../standing-failures.ts';
import * as tombstones from '../tombstones.ts';
import { counts } from '../upkeep/counts.ts';
import { dayCounts, dayOutcomes } from '../upkeep/day-counts.ts';
import { sweep } from '../upkeep/sweep.ts';
import type { Command, DeferredCommand, PortMethod } from './command.ts';
import type { ThreadPorts } from './thread-ports.ts';

/** Commands by port and method. Both threads derive from this table what can be called. */
export const commands: {
  [Port in keyof ThreadPorts]: {
    [Name in keyof ThreadPorts[Port]]: ThreadPorts[Port][Name] extends PortMethod
      ? Command<ThreadPorts[Port][Name]> | DeferredCommand<ThreadPorts[Port][Name]>
      : never;
  };
} = {
  journal: {
    append,
    lease,
    renew,
    complete,
    release,
    postpone,
    postponed,
    makeDue,
    acquit,
    split,
    quarantined,
    readmit,
    counts,
    dayCounts,
    dayOutcomes,
    pending,
    delivered,
    rewrite,
  },
  deadLetters: { list, get, countBy, replay, remove },
  cohorts: {
    documents,
    commit,
    createRun,
    appendChunks,
    readChunks,
    keepOnlyRuns,
    putPage,
    groups,
    readPages,
    history,
    createLedger,
    appendLedger,
    ledgers,
    readLedger,
    sentOnDays,
  },
  audit: { append: appendAudit, list: listAudit },
  backfills,
  idSummaries,
  firstSeen,
  standingFailures,
  mappingHistory,
  metricHistory,
  reconciliations,
  jobDocuments,
  tombstones,
  receipts,
  brazeUsers,
  upkeep: { sweep, overwrite, writeProbe, clearProbe },
};
