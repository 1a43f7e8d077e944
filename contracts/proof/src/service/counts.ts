/** The counts of a connection in `/status`, and their invariants. */
export interface Counts {
  readonly accepted: number;
  readonly imported: number;
  readonly skipped: Readonly<Record<string, number>>;
  readonly deadLettered: Readonly<Record<string, number>>;
  readonly pending: { readonly events: number; readonly batches: number; readonly bytes: number };
  /** Number of pending events. */
  readonly quarantined: { readonly events: number; readonly batches: number };
}

/** The token of every call in a proof; a placeholder. */
export const adminToken = 'proof-admin-token';

export async function countsOf(url: string, connection = 'default'): Promise<Counts> {
  const status = await ask<{ connections: Record<string, Counts> }>(url, 'GET', '/status');
  const counts = status.connections[connection];
  if (counts === undefined) throw new Error(`/status names no connection ${connection}.`);
  return counts;
}

/** A call of the service's API. @throws Error with status and body if it is not answered with 200 */
export async function ask<Answer>(
  url: string,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<Answer> {
  const answer = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${method} ${path} was answered ${answer.status}: ${text}`);
  return JSON.parse(text) as Answer;
}

export const sumOf = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

/**
 * The inconsistency of these counts in one sentence; `undefined` if every accepted event is accounted for.
 */
export function unaccounted({
  accepted,
  imported,
  skipped,
  deadLettered,
  pending,
}: Counts): string | undefined {
  const settled = imported + sumOf(skipped) + sumOf(deadLettered) + pending.events;
  if (settled === accepted) return undefined;
  return `${accepted} events were accepted, but ${imported} imported + ${sumOf(skipped)} skipped + ${sumOf(deadLettered)} dead letters + ${pending.events} pending are ${settled}.`;
}

/** Waits until the counts satisfy the predicate. @throws Error with the last counts after `timeoutMs` */
export async function untilCounts(
  url: string,
  wanted: (counts: Counts) => boolean,
  timeoutMs: number,
): Promise<Counts> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const counts = await countsOf(url);
    if (wanted(counts)) return counts;
    if (performance.now() > deadline)
      throw new Error(`Still waiting after ${timeoutMs} ms; the counts are ${JSON.stringify(counts)}.`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}
