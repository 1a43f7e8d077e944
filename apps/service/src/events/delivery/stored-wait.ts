import type { Journal } from '@braze-mixpanel/storage';
import type { MonotonicMs } from '../../clock/index.ts';
import { errors } from '../../errors/catalogue.ts';
import type { Circuit, StoredWait } from './circuit-breaker.ts';
import type { Failure, FailureCode } from './verdict.ts';

/**
 * Waits below this are not stored: they are over before a restart, and before another replica would read
 * them.
 */
const shortestMs = 1_000;

/** Whether Mixpanel itself asked for fewer requests. */
export const asksToWait = ({ code }: Failure): boolean =>
  code === 'mixpanel_throttled' || code === 'mixpanel_failing';

export async function storeWait(
  journal: Pick<Journal, 'postpone'>,
  connection: string,
  circuit: Circuit,
  now: MonotonicMs,
): Promise<void> {
  if (circuit.kind === 'flowing' || !asksToWait(circuit.failure)) return;
  const { failures, failure, until } = circuit;
  const { code, detail } = failure;
  if (until - now >= shortestMs)
    await journal.postpone(connection, { forMs: until - now, code, detail, failures });
}

export async function readWait(
  journal: Pick<Journal, 'postponed'>,
  connection: string,
): Promise<StoredWait | undefined> {
  const wait = await journal.postponed(connection);
  if (wait === undefined) return undefined;
  const { forMs, ageMs, failures, detail } = wait;
  const code = isDeliveryCode(wait.code) ? wait.code : 'mixpanel_failing';
  return { forMs, ageMs, failures, failure: { kind: 'retry', code, detail, retryAfterMs: forMs } };
}

/** Whether this release knows the code; another one may have stored a code that it does not. */
function isDeliveryCode(code: string): code is FailureCode {
  return Object.entries(errors).some(([name, { stage }]) => name === code && stage === 'delivery');
}
