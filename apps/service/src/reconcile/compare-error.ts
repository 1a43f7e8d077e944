import { type ErrorCode, errors } from '../errors/catalogue.ts';
import { withDetail } from '../errors/with-detail.ts';

export type CompareErrorCode = Extract<ErrorCode, `compare_${string}`>;

/** The reason why a comparison failed. */
export class CompareError extends Error {
  override readonly name = 'CompareError';
  readonly code: CompareErrorCode;
  readonly detail: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: CompareErrorCode, detail?: string, retryAfterMs?: number) {
    super(withDetail(errors[code].message, detail));
    this.code = code;
    this.detail = detail;
    this.retryAfterMs = retryAfterMs;
  }
}
