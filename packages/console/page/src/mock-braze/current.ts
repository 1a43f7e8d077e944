import { call } from '../api/call.ts';
import type { Server } from '../app/about.ts';
import { counted } from '../parts/format.ts';

/** A Current as mock Braze reports it. */
export interface Current {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly endpoint?: string;
  readonly apiUrl?: string;
  readonly folder?: string;
  readonly events: 'all' | readonly string[];
  readonly generation: string;
  readonly state: string;
  readonly skipped: Readonly<Record<string, number>>;
  readonly missed: number;
  readonly sent: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly lastAnswer: {
    readonly at: string;
    readonly status?: number;
    readonly error?: string;
    readonly file?: string;
  } | null;
  readonly failingSince: string | null;
  readonly disabledReason: string | null;
  readonly queues: readonly {
    readonly eventType: string;
    readonly pending: number;
    readonly waiting: number;
    readonly held: number;
    readonly retryAt?: string;
  }[];
}

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
