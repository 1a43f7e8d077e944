import { visible } from './terminal.ts';

/** The message for an unknown ID: it names a command where the API names a route. */
export function unknownId(code: string, given: string): string | undefined {
  const id = JSON.stringify(visible(given));
  if (code === 'sync_unknown') return `No sync for cohort ${id}. Run cohorts list.`;
  if (code === 'ledger_unknown')
    return `No ledger of this run of cohort ${id}: it is unknown, wrote none, or its ledger is no longer kept. Run cohorts history.`;
  if (code === 'ledger_cursor_invalid')
    return '--after is not the value that the page before printed, for the same --run and --state. Copy it unchanged, or omit it to begin with the first page.';
  if (code === 'backfill_unknown') return `No back-fill ${id}. Run backfill list.`;
  if (code === 'dead_letter_unknown')
    return `No dead letter ${id}; it may have been replayed. Run dead-letters list.`;
  if (code === 'receipt_number_invalid')
    return `No receipt ${id}: the number of a receipt is 32 hex digits. Run receipts.`;
  return undefined;
}
