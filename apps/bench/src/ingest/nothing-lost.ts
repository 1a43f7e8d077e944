import { setTimeout as wait } from 'node:timers/promises';

/**
 * Waits until no event is missing. The service stores its last outcomes a moment after the sink has answered
 * everything.
 */
export async function assertNothingLost(url: string, events: number): Promise<void> {
  const deadline = performance.now() + 5_000;
  for (;;) {
    const status = (await (await fetch(`${url}/status`)).json()) as Status;
    const { accepted, imported } = status.connections.default ?? {};
    if (accepted === events && imported === events) return;
    if (performance.now() > deadline) {
      throw new Error(
        `Of ${events} events the service counts ${accepted} accepted and ${imported} imported.`,
      );
    }
    await wait(20);
  }
}

type Status = { connections: Record<string, { accepted: number; imported: number } | undefined> };
