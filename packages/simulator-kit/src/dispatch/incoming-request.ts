import type { SimAnswer, SimRequest } from '../types.ts';

/** A request whose body is not read yet, as a transport hands it to `Simulator.dispatch`. */
export interface IncomingRequest extends Omit<SimRequest, 'params' | 'body' | 'refused'> {
  /** @throws BodyTooLarge when the body is longer than the transport allows; anything else means that the client left. */
  readonly readBody: () => Promise<Uint8Array>;
}

/** The body is longer than the transport allows; answered with 413. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';

  /** @param limit in bytes. */
  constructor(limit: number) {
    super(
      `This simulator accepts bodies of up to ${limit} bytes, and this one is longer. Start it with a larger bodyLimit, or send less at once.`,
    );
  }
}

/** What the vendor answers where no route of its own does. */
export interface VendorAnswers {
  readonly notFound: (request: IncomingRequest) => SimAnswer;
  /** @param allowed the methods that the path has. */
  readonly wrongMethod: (request: IncomingRequest, allowed: readonly string[]) => SimAnswer;
  /** The body that belongs to a status, for faults that name none. */
  readonly bodyOf: (status: number) => unknown;
}
