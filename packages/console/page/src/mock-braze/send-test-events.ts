import { call } from '../api/call.ts';
import type { Server } from '../app/about.ts';
import { counted } from '../parts/format.ts';

interface TestResult {
  readonly emitted: number;
  readonly attempts: readonly { readonly status?: number; readonly error?: string }[];
}

/** Sends one sample event of each selected type. @throws Error if the endpoint refuses one. */
export async function sendTestEvents(
  server: Server,
  id: string,
  onSent: () => Promise<void>,
): Promise<string> {
  const path = `_sim/currents/${encodeURIComponent(id)}/test`;
  const { emitted, attempts } = await call<TestResult>(server, path, { method: 'POST' });
  await onSent();
  const failed = attempts.find(({ status = 200, error }) => status >= 300 || error !== undefined);
  if (failed !== undefined)
    throw new Error(
      failed.error === undefined
        ? `The endpoint answered ${failed.status}. Check its address and token.`
        : `The endpoint did not answer (${failed.error}). Check that it runs.`,
    );
  return emitted === 1
    ? '1 test event was accepted.'
    : `${counted(emitted, 'test event')} were accepted, one of each selected type.`;
}
