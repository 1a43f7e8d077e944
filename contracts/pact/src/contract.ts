/**
 * A contract: what a consumer sends to a provider, and what it needs of the answer.
 *
 * Each case is played by the consumer's real sender against Pact's mock server, which refuses a request that is not the one that
 * the contract names; then it stands in the file. The file is verified by replaying it against the real provider. So both sides are
 * held to the same text, and neither needs the other to run.
 */
import type { PactV3 } from '@pact-foundation/pact';

export interface HttpCase {
  /** Exact where the contract is exact (names, addresses, documented texts), by type where values vary. */
  readonly interaction: Parameters<PactV3['addInteraction']>[0];
  /** Makes the sender send it to this address. Rejects when the sender does not make of the answer what it should. */
  readonly play: (url: string) => Promise<void>;
}

export interface HttpContract {
  readonly kind: 'http';
  readonly consumer: string;
  readonly provider: string;
  readonly cases: readonly HttpCase[];
}

/** A message that the provider produces in a state; the whole of it is expected, and nothing else. */
export interface MessageCase {
  readonly description: string;
  readonly state: { readonly description: string; readonly parameters: Readonly<Record<string, unknown>> };
  readonly content: Readonly<Record<string, unknown>>;
  /** What the consumer does with it. Rejects when it is of no use to the consumer. */
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
