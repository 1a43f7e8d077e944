import type { Command } from 'commander';
import { auditCommand } from './audit.ts';
import { backfillCommand } from './backfill.ts';
import { batchesCommand } from './batches.ts';
import { catalogueCommand } from './catalogue.ts';
import { cohortsCommand } from './cohorts.ts';
import { compareCommand } from './compare.ts';
import { configCommand } from './config-command.ts';
import { costCommand } from './cost.ts';
import { cutOverCommand } from './cut-over.ts';
import { deadLettersCommand } from './dead-letters.ts';
import { doctorCommand } from './doctor.ts';
import { forgetCommand } from './forget.ts';
import { lexiconCommand } from './lexicon.ts';
import { lookupTablesCommand } from './lookup-tables.ts';
import { migrateCommand } from './migrate.ts';
import { receiptsCommand } from './receipts.ts';
import { reconcileCommand } from './reconcile.ts';
import { traceCommand } from './trace.ts';

/** The commands beside the one that serves, in the order of the help. */
export const commands = (): Command[] => [
  configCommand(),
  deadLettersCommand(),
  batchesCommand(),
  backfillCommand(),
  cohortsCommand(),
  migrateCommand(),
  auditCommand(),
  forgetCommand(),
  receiptsCommand(),
  traceCommand(),
  doctorCommand(),
  compareCommand(),
  costCommand(),
  reconcileCommand(),
  cutOverCommand(),
  lexiconCommand(),
  lookupTablesCommand(),
  catalogueCommand(),
];
