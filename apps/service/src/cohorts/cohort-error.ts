import { type CohortErrorCode, cohortErrors } from '../errors/cohort-errors.ts';
import { withDetail } from '../errors/with-detail.ts';

/** The problem of a sync, as data: stored with it and shown in `/status`. */
export interface Problem {
  readonly code: CohortErrorCode;
  /** The observation, with the vendor's message if there is one; without secrets, and truncated. */
  readonly detail: string;
}

/** Ends a run, or a request. The state after it is complete: the next run continues from the stored state. */
export class CohortError extends Error {
  override readonly name = 'CohortError';
  readonly code: CohortErrorCode;
  readonly detail: string;
  /** Earliest retry, by the injected clock. */
  readonly retryAt: number | undefined;

  static of({ code, detail }: Problem, retryAt?: number): CohortError {
    return new CohortError(code, detail, retryAt);
  }

  constructor(code: CohortErrorCode, detail = '', retryAt?: number) {
    super(messageOf({ code, detail }));
    this.code = code;
    this.detail = detail;
    this.retryAt = retryAt;
  }
}

/** Whether an error is a `CohortError` with one of these codes. */
export const hasCode = (error: unknown, ...codes: CohortErrorCode[]): error is CohortError =>
  error instanceof CohortError && codes.includes(error.code);

/** The message of a problem, with its detail. */
export function messageOf({ code, detail }: Problem): string {
  return withDetail(cohortErrors[code].message, detail);
}
