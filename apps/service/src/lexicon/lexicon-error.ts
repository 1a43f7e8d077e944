import { type ErrorCode, errors } from '../errors/catalogue.ts';
import { withDetail } from '../errors/with-detail.ts';

export type LexiconErrorCode = Extract<ErrorCode, 'unknown_connection' | `lexicon_${string}`>;

/** The reason why Lexicon could not be read or written. */
export class LexiconError extends Error {
  override readonly name = 'LexiconError';
  readonly code: LexiconErrorCode;

  constructor(code: LexiconErrorCode, detail?: string) {
    super(withDetail(errors[code].message, detail));
    this.code = code;
  }
}
