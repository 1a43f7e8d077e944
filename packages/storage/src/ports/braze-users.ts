/**
 * The port of Braze's own user IDs: the external IDs that accepted events had beside them, and requests to delete users
 * that name no other ID. Braze's IDs are digests; external IDs are as they were sent, since their users are found by them.
 */
export interface BrazeUsers {
  /** Adds pairs; of a known one the later time stays. */
  put(pairs: readonly BrazeUser[]): Promise<void>;
  /** Gives the external IDs of a profile that was merged to the one that remains. */
  merge(from: string, into: string): Promise<void>;
  /** The pairs of a Braze ID, and those of other Braze IDs with the same external IDs; in no order. */
  related(braze: string): Promise<BrazeUser[]>;
  /** Deletes an external ID, and overwrites it. Resolves to the number of its pairs. */
  forget(externalId: string): Promise<number>;
  /**
   * Deletes pairs and requests of earlier times, and the oldest pairs beyond `most`: at most 5,000 pairs in a call, since
   * other calls wait for it. Resolves to the number of deleted rows; 0 if nothing is left.
   */
  sweep(limits: { before: number; most: number }): Promise<number>;
  /** Adds requests, which wait or came too late; one of a known Braze ID stays. */
  request(requests: readonly NewDeleteRequest[]): Promise<void>;
  /**
   * Newest first, and only those after `before` in this order; with `open` only those that wait and whose Braze ID has an
   * external ID.
   */
  requests(wanted: {
    open?: boolean;
    before?: DeleteRequestPlace | undefined;
    limit: number;
  }): Promise<StoredDeleteRequest[]>;
  /** Replaces the numbers of the receipts of a request. */
  setReceipts(braze: string, receipts: readonly string[]): Promise<void>;
  /** Ends a request; in the same transaction deletes the pairs of some external IDs, and overwrites them. */
  end(braze: string, state: 'forgotten' | 'kept', forgotten?: readonly string[]): Promise<void>;
}

/** A digest of Braze's ID, an external ID that is well-formed, and when an event had both, in seconds since 1970. */
export interface BrazeUser {
  braze: string;
  externalId: string;
  seen: number;
}

/**
 * `kept`: an external ID has later events of another profile. `late`: it came so long after it was made that later
 * events of the user may not be known. `at` is in seconds since 1970.
 */
export interface DeleteRequest {
  braze: string;
  at: number;
  state: 'waiting' | 'late' | 'forgotten' | 'kept';
}

/** The place of a request in the order of requests. */
export type DeleteRequestPlace = Pick<DeleteRequest, 'at' | 'braze'>;

/** A request before it is stored. */
export interface NewDeleteRequest extends DeleteRequest {
  state: 'waiting' | 'late';
}

/** `known`: whether the Braze ID has an external ID. */
export interface StoredDeleteRequest extends DeleteRequest {
  known: boolean;
  /** Numbers of the receipts of removals for the request. */
  receipts: string[];
}
