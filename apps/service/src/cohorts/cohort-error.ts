import { type CohortErrorCode, cohortErrors } from '../errors/cohort-errors.ts';

/** What is wrong with a sync, as data: kept with it and shown in `/status`. */
export interface Problem {
  readonly code: CohortErrorCode;
  /** What was seen, in the vendor's words where there are any; without secrets, and cut. */
  readonly detail: string;
}

/** Ends a run, or a request. What it leaves behind is complete: the next run takes up from the stored state. */
export class CohortError extends Error {
  override readonly name = 'CohortError';
  readonly code: CohortErrorCode;
  readonly detail: string;
  /** Not before this moment of the injected clock. */
  readonly retryAt: number | undefined;

  constructor({ code, detail }: Problem, retryAt?: number) {
    super(sentenceOf({ code, detail }));
    this.code = code;
    this.detail = detail;
    this.retryAt = retryAt;
  }
}

export function sentenceOf({ code, detail }: Problem): string {
  return detail === '' ? cohortErrors[code].message : `${cohortErrors[code].message} (${detail})`;
}
