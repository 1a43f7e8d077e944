import { type ErrorCode, errors } from '../errors/catalogue.ts';

export type LexiconErrorCode = Extract<ErrorCode, `lexicon_${string}`>;

/** The reason why Lexicon could not be read or written. */
export class LexiconError extends Error {
  override readonly name = 'LexiconError';
  readonly code: LexiconErrorCode;

  constructor(code: LexiconErrorCode, detail?: string) {
    super(detail === undefined ? errors[code].message : `${errors[code].message} ${detail}`);
    this.code = code;
  }
}
