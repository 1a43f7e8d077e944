import type { SimAnswer, SimRequest } from '../types.ts';

/** A request with an unread body, as a transport passes it to `Simulator.dispatch`. */
export interface IncomingRequest extends Omit<SimRequest, 'params' | 'body' | 'refused'> {
  /**
   * @throws BodyTooLarge if the body exceeds the transport's limit; any other error means that the client
   * disconnected.
   */
  readonly readBody: () => Promise<Uint8Array>;
}

/** A body that exceeds the transport's limit. Answered with 413. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';

  /** @param limit in bytes. */
  constructor(limit: number) {
    super(
      `This simulator accepts bodies of up to ${limit} bytes, and this one is longer. Start it with a larger bodyLimit, or send less at once.`,
    );
  }
}

/** The vendor's answers for requests that no route handles. */
export interface VendorAnswers {
  readonly notFound: (request: IncomingRequest) => SimAnswer;
  /** @param allowed the methods of the path. */
  readonly wrongMethod: (request: IncomingRequest, allowed: readonly string[]) => SimAnswer;
  /** The vendor's body for a status, for faults without one. */
  readonly bodyOf: (status: number) => unknown;
}
