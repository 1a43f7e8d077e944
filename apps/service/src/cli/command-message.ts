import { visible } from './terminal.ts';

/** The message of an error for the terminal where that of the API names a route or its JSON: it names a command. */
export function commandMessage(code: string, given: string): string | undefined {
  const id = JSON.stringify(visible(given));
  if (code === 'sync_unknown') return `No sync for cohort ${id}. Run cohorts list.`;
  if (code === 'ledger_unknown')
    return `No ledger of this run of cohort ${id}: it is unknown, its ledger could not be stored, or its ledger is no longer kept. Omit --run for the newest ledger, or run cohorts history.`;
  if (code === 'ledger_cursor_invalid')
    return '--after is not the value that the page before printed, for the same --run and --state. Copy it unchanged, or omit it to begin with the first page.';
  if (code === 'backfill_unknown') return `No back-fill ${id}. Run backfill list.`;
  if (code === 'dead_letter_unknown')
    return `No dead letter ${id}; it may have been replayed. Run dead-letters list.`;
  if (code === 'receipt_number_invalid')
    return `No receipt ${id}: the number of a receipt is 32 hex digits. Run receipts.`;
  if (code === 'no_receipt')
    return given === ''
      ? 'There is no receipt of this user: the user was not forgotten, or by a version without receipts. Run receipts.'
      : `No receipt ${id}. Run receipts.`;
  if (code === 'unknown_reconciliation') return 'The report is no longer kept. Run reconcile.';
  if (code === 'purge_unconfirmed')
    return 'A purge deletes dead letters permanently. Nothing was deleted: add --confirm.';
  if (code === 'lookup_tables_running')
    return 'A run of these lookup tables is in progress. Try again when it has ended: run lookup-tables show.';
  if (code === 'lookup_tables_no_leader')
    return 'The replica that writes lookup tables did not answer in time, or another one is taking over. Whether a run was begun is not known: run lookup-tables show. Try again in a minute.';
  if (code === 'not_found')
    return 'The service does not have what this command needs: it is of another version. Use the command line of the same version.';
  return undefined;
}
