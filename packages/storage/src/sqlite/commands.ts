import { append } from './append.ts';
import { appendAudit, listAudit } from './audit.ts';
import { delivered, pending } from './bodies.ts';
import { cohortCommands } from './cohorts/commands.ts';
import { complete } from './complete.ts';
import { counts } from './counts.ts';
import { dayCounts } from './day-counts.ts';
import { countDeadLetters, getDeadLetter, listDeadLetters } from './dead-letters.ts';
import { lease } from './lease.ts';
import { postpone, postponed } from './postpone.ts';
import { clearProbe, writeProbe } from './probe.ts';
import { release } from './release.ts';
import { remove } from './remove.ts';
import { renew } from './renew.ts';
import { replay } from './replay.ts';
import { rewrite } from './rewrite.ts';
import { acquit, quarantined, readmit, split } from './suspects.ts';
import { sweep } from './sweep.ts';
import { overwrite } from './truncate-wal.ts';

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
