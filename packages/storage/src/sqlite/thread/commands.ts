import { appendAudit, listAudit } from '../audit.ts';
import { cohortCommands } from '../cohorts/commands.ts';
import { countDeadLetters, getDeadLetter, listDeadLetters } from '../dead-letters/dead-letters.ts';
import { remove } from '../dead-letters/remove.ts';
import { replay } from '../dead-letters/replay.ts';
import { overwrite } from '../file/truncate-wal.ts';
import { append } from '../journal/append.ts';
import { delivered, pending } from '../journal/body-pages.ts';
import { complete } from '../journal/complete.ts';
import { lease } from '../journal/lease.ts';
import { postpone, postponed } from '../journal/postpone.ts';
import { clearProbe, writeProbe } from '../journal/probe.ts';
import { release } from '../journal/release.ts';
import { renew } from '../journal/renew.ts';
import { rewrite } from '../journal/rewrite.ts';
import { acquit, quarantined, readmit, split } from '../journal/suspects.ts';
import { counts } from '../upkeep/counts.ts';
import { dayCounts } from '../upkeep/day-counts.ts';
import { sweep } from '../upkeep/sweep.ts';

/** Everything the worker answers. A new command is a file of its own and a line here; both sides take their types from this table. */
export const commands = {
  append,
  lease,
  renew,
  complete,
  release,
  postpone,
  postponed,
  counts,
  dayCounts,
  pending,
  delivered,
  rewrite,
  overwrite,
  acquit,
  split,
  quarantined,
  readmit,
  listDeadLetters,
  getDeadLetter,
  countDeadLetters,
  replay,
  remove,
  sweep,
  appendAudit,
  listAudit,
  writeProbe,
  clearProbe,
  ...cohortCommands,
};
