import { adminErrors } from './admin-errors.ts';
import { backfillErrors } from './backfill-errors.ts';
import { cohortErrors } from './cohort-errors.ts';
import { compareErrors } from './compare-errors.ts';
import { deliveryErrors } from './delivery-errors.ts';
import type { ErrorEntry } from './error-entry.ts';
import { ingestErrors } from './ingest-errors.ts';
import { lexiconErrors } from './lexicon-errors.ts';
import { lookupTableErrors } from './lookup-table-errors.ts';
import { routingErrors } from './routing-errors.ts';

/** The error catalogue: every error code of the service, with its entry. */
export const errors = {
  ...cohortErrors,
  ...ingestErrors,
  ...routingErrors,
  ...adminErrors,
  ...backfillErrors,
  ...compareErrors,
  ...lexiconErrors,
  ...lookupTableErrors,
  ...deliveryErrors,
} as const;

export type ErrorCode = keyof typeof errors;

/** The codes of one stage. */
export type CodeOf<Stage extends ErrorEntry['stage']> = {
  [Code in ErrorCode]: (typeof errors)[Code]['stage'] extends Stage ? Code : never;
}[ErrorCode];

/** The catalogue, or one stage of it, as a Markdown table for the documentation. */
export function errorTable(only?: ErrorEntry['stage']): string {
  const entries = Object.entries<ErrorEntry>(errors).filter(([, { stage }]) => (only ?? stage) === stage);
  const rows = entries.map(
    ([code, { stage, class: kind, status, retry, message }]) =>
      `| \`${code}\` | ${stage} | ${kind} | ${status ?? ''} | ${retry ? 'yes' : 'no'} | ${message} |`,
  );
  return [
    '| Code | Stage | Class | HTTP status | Retried | Message |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
