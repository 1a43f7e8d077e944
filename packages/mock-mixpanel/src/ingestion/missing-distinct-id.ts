import { createHash } from 'node:crypto';

/**
 * A hash of the sender's address. The simulator does not see addresses, so it is the same for all senders.
 */
const hashOfAddress = createHash('sha256').update('127.0.0.1').digest('hex').slice(0, 32);

/**
 * The `$user_id` of an event, which is its `distinct_id` on simplified identity, whatever else the event has as one.
 * `undefined` where it has none.
 */
export function userIdOf({ $user_id }: { readonly $user_id?: unknown }): string | undefined {
  return typeof $user_id === 'string' && $user_id !== '' ? $user_id : undefined;
}

/**
 * The `distinct_id` of an event without one: on simplified identity its user, else its device; otherwise a hash
 * of the sender's address, or none.
 */
export function missingDistinctId(
  properties: { readonly $user_id?: unknown; readonly $device_id?: unknown },
  { simplified, hashesAddress }: { readonly simplified: boolean; readonly hashesAddress: boolean },
): string {
  const { $device_id } = properties;
  const userId = userIdOf(properties);
  if (simplified && userId !== undefined) return userId;
  if (simplified && typeof $device_id === 'string' && $device_id !== '') return `$device:${$device_id}`;
  return hashesAddress ? hashOfAddress : '';
}
