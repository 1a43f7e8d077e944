import { createHash } from 'node:crypto';

/**
 * The `distinct_id` of events without one: a hash of the sender's address. The simulator does not see
 * addresses, so it is the same for all senders.
 */
export const idOfAddress = createHash('sha256').update('127.0.0.1').digest('hex').slice(0, 32);
