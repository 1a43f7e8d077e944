import type { Command } from 'commander';

/**
 * The commands beside the one that serves, in the order of the help. Each is imported alone: all of them load most of the service, which
 * doubles the start of a command.
 */
const loaders: Readonly<Record<string, () => Promise<Command>>> = {
  config: async () => (await import('./config-command.ts')).configCommand(),
  'dead-letters': async () => (await import('./dead-letters.ts')).deadLettersCommand(),
  batches: async () => (await import('./batches.ts')).batchesCommand(),
  backfill: async () => (await import('./backfill.ts')).backfillCommand(),
  cohorts: async () => (await import('./cohorts.ts')).cohortsCommand(),
  migrate: async () => (await import('./migrate.ts')).migrateCommand(),
  audit: async () => (await import('./audit.ts')).auditCommand(),
  forget: async () => (await import('./forget.ts')).forgetCommand(),
  receipts: async () => (await import('./receipts.ts')).receiptsCommand(),
  trace: async () => (await import('./trace.ts')).traceCommand(),
  doctor: async () => (await import('./doctor.ts')).doctorCommand(),
  compare: async () => (await import('./compare.ts')).compareCommand(),
  cost: async () => (await import('./cost.ts')).costCommand(),
  reconcile: async () => (await import('./reconcile.ts')).reconcileCommand(),
  'cut-over': async () => (await import('./cut-over.ts')).cutOverCommand(),
  lexicon: async () => (await import('./lexicon.ts')).lexiconCommand(),
  'lookup-tables': async () => (await import('./lookup-tables.ts')).lookupTablesCommand(),
  catalogue: async () => (await import('./catalogue.ts')).catalogueCommand(),
};

/** The command of this name alone; all of them for any other name, for the help and for suggestions. */
export function loadCommands(name?: string): Promise<Command[]> {
  const chosen =
    name !== undefined && Object.hasOwn(loaders, name) ? [loaders[name]!] : Object.values(loaders);
  return Promise.all(chosen.map(load => load()));
}
