import { createHash } from 'node:crypto';

/**
 * A hash of the sender's address. The simulator does not see addresses, so it is the same for all senders.
 */
const hashOfAddress = createHash('sha256').update('127.0.0.1').digest('hex').slice(0, 32);

/**
 * The `distinct_id` of an event without one: on simplified identity its user, else its device; otherwise a hash
 * of the sender's address, or none.
 */
export function missingDistinctId(
  { $user_id, $device_id }: { readonly $user_id?: unknown; readonly $device_id?: unknown },
  { simplified, hashesAddress }: { readonly simplified: boolean; readonly hashesAddress: boolean },
): string {
  if (simplified && typeof $user_id === 'string' && $user_id !== '') return $user_id;
  if (simplified && typeof $device_id === 'string' && $device_id !== '') return `$device:${$device_id}`;
  return hashesAddress ? hashOfAddress : '';
}
