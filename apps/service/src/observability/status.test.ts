import type { ConnectionCounts } from '@braze-mixpanel/storage';
import { expect, it } from 'vitest';
import type { DeliveryStatus } from '../events/delivery/delivery-status.ts';
import { connectionStatuses } from './status.ts';

const counts = (pending: number): ConnectionCounts => ({
  ...{ accepted: pending, imported: 0, skipped: {}, deadLettered: {}, notes: {} },
  ...{
    pending,
    pendingBatches: pending,
    pendingBytes: pending,
    quarantined: 0,
    quarantinedBatches: 0,
    held: 0,
    oldestPendingAt: pending > 0 ? 0 : undefined,
  },
});
const delivery = (state: DeliveryStatus['state']): DeliveryStatus => ({
  ...{ state, requestsInFlight: 0, requestsAtMost: 4, failuresInARow: 0, nextAttemptInMs: undefined },
  ...{ lastError: undefined, lastSuccessAt: undefined },
});
const stateOf = (state: DeliveryStatus['state'], pending: number) =>
  connectionStatuses({ a: counts(pending) }, new Map([['a', delivery(state)]]), [], 0).a!.delivery!.state;

it('a delivery is never idle while events are pending', () => {
  expect(stateOf('idle', 0)).toBe('idle');
  expect(stateOf('idle', 1)).toBe('waiting');
  expect(stateOf('parked', 1)).toBe('parked');
});
