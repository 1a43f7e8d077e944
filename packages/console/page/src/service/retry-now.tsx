import { call } from '../api/call.ts';
import type { Server } from '../app/about.ts';
import { Action } from '../parts/action.tsx';
import { span } from '../parts/format.ts';

interface Retried {
  readonly outcome: 'retrying' | 'sending' | 'waits' | 'held' | 'nothing_waits' | 'not_configured';
  /** Milliseconds until it is sent, for `waits`. */
  readonly inMs: number | null;
}

const texts: Readonly<Record<Exclude<Retried['outcome'], 'waits'>, string>> = {
  retrying: 'Sent now; the answer of Mixpanel is shown above.',
  sending: 'A request is in flight already, so no second one is sent.',
  held: 'Held by the configuration; nothing is sent.',
  nothing_waits: 'Nothing waits any more.',
  not_configured: 'No longer configured; nothing is sent.',
};

/** Sends what waits of a connection at once, unless Mixpanel asked for the wait. */
export function RetryNow({ server, connection, reload }: RetryNowProps) {
  const run = async () => {
    const { connections } = await call<{ connections: Readonly<Record<string, Retried>> }>(
      server,
      'api/batches/retry',
      { method: 'POST', body: { connection } },
    );
    await reload();
    const { outcome, inMs } = connections[connection] ?? { outcome: 'nothing_waits', inMs: null };
    if (outcome !== 'waits') return texts[outcome];
    return `Mixpanel asked for a pause: it is sent in ${span(inMs ?? 0)}.`;
  };
  return (
    <Action run={run} label={`Retry ${connection} now`}>
      Retry now
    </Action>
  );
}

interface RetryNowProps {
  readonly server: Server;
  readonly connection: string;
  readonly reload: () => Promise<void>;
}
