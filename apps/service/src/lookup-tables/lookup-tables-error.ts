import { type ErrorCode, errors } from '../errors/catalogue.ts';

export type LookupTablesErrorCode = Extract<ErrorCode, `lookup_tables_${string}`>;

/** The reason why a run of the lookup tables was not begun. */
export class LookupTablesError extends Error {
  override readonly name = 'LookupTablesError';
  readonly code: LookupTablesErrorCode;

  constructor(code: LookupTablesErrorCode) {
    super(errors[code].message);
    this.code = code;
  }
}
