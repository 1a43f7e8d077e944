/** An error of the API, or of a command, for the terminal; never contains a token. */
export class AdminError extends Error {
  override readonly name = 'AdminError';
  /** Code of the error catalogue, if the service responded. */
  readonly code: string | undefined;

  constructor(message: string, code?: string) {
    super(message);
    this.code = code;
  }
}
