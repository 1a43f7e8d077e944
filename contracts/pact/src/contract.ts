/**
 * A contract: the requests of a consumer to a provider, and the parts of the answers that it relies on.
 *
 * Each case is played by the consumer's real sender against Pact's mock server, which rejects any request
 * that differs from the case, and is then written to the file. The file is verified by replaying it against
 * the real provider. So both sides are checked against the same file, and neither needs the other to run.
 */
import { type CatalogueVersion, catalogue2022_06 } from '@braze-mixpanel/core/currents';
import type { PactV3 } from '@pact-foundation/pact';

export interface HttpCase {
  /** Exact where the contract is exact (names, addresses, documented texts), by type where values vary. */
  readonly interaction: Parameters<PactV3['addInteraction']>[0];
  /**
   * Makes the sender send its request to this address. Rejects if the sender interprets the answer
   * incorrectly.
   */
  readonly play: (url: string) => Promise<void>;
}

export interface HttpContract {
  readonly kind: 'http';
  readonly consumer: string;
  readonly provider: string;
  readonly cases: readonly HttpCase[];
}

/** A message that the provider produces in a state; it must match completely. */
export interface MessageCase {
  readonly description: string;
  readonly state: { readonly description: string; readonly parameters: Readonly<Record<string, unknown>> };
  readonly content: Readonly<Record<string, unknown>>;
  /** The consumer's processing of the message. Rejects if the message is unusable. */
  readonly play: (content: unknown) => Promise<void>;
}

export interface MessageContract {
  readonly kind: 'messages';
  readonly consumer: string;
  readonly provider: string;
  readonly cases: readonly MessageCase[];
}

export type Contract = HttpContract | MessageContract;

export const fileOf = ({ consumer, provider }: Pick<Contract, 'consumer' | 'provider'>): string =>
  `${consumer}-${provider}.json`;

/** The name of a consumer in the contract of a catalogue version; in 2022-06 it has no suffix. */
export const consumerIn = ({ id }: CatalogueVersion, consumer: string): string =>
  id === catalogue2022_06.id ? consumer : `${consumer}-${id}`;
