import type { ErrorCode } from '../errors/catalogue.ts';

/**
 * A refusal by a route under `/api`: an entry of the error catalogue, and what is particular to this request.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ErrorCode;
  readonly detail: string | undefined;

  constructor(code: ErrorCode, detail?: string) {
    super(code);
    this.code = code;
    this.detail = detail;
  }
}
