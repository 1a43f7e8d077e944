import { append } from './append.ts';
import { cohortVerbs } from './cohorts/verbs.ts';
import { complete } from './complete.ts';
import { counts } from './counts.ts';
import { countDeadLetters, getDeadLetter, listDeadLetters } from './dead-letters.ts';
import { lease } from './lease.ts';
import { clearProbe, writeProbe } from './probe.ts';
import { release } from './release.ts';
import { renew } from './renew.ts';
import { replay } from './replay.ts';

/** Everything the worker answers. A new verb is a file of its own and a line here; both sides take their types from this table. */
export const verbs = {
  append,
  lease,
  renew,
  complete,
  release,
  counts,
  listDeadLetters,
  getDeadLetter,
  countDeadLetters,
  replay,
  writeProbe,
  clearProbe,
  ...cohortVerbs,
};
