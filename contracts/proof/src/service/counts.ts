/** What `/status` says of one connection, and what must hold of it at every moment. */
export interface Counts {
  readonly accepted: number;
  readonly imported: number;
  readonly skipped: Readonly<Record<string, number>>;
  readonly deadLettered: Readonly<Record<string, number>>;
  readonly pending: { readonly events: number; readonly batches: number; readonly bytes: number };
  /** Of what is pending. */
  readonly quarantined: { readonly events: number; readonly batches: number };
}

/** The token that every call of a proof carries. An obvious fake. */
export const adminToken = 'proof-admin-token';

export async function countsOf(url: string, connection = 'default'): Promise<Counts> {
  const status = await ask<{ connections: Record<string, Counts> }>(url, 'GET', '/status');
  const counts = status.connections[connection];
  if (counts === undefined) throw new Error(`/status names no connection ${connection}.`);
  return counts;
}

/** A call of the service's own API. @throws with status and body when it is not answered 200 */
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

/** What is wrong with these counts by themselves, as a sentence; nothing when every accepted event is accounted for. */
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

/** Waits until the counts are as wanted. @throws with the last counts after `timeoutMs` */
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
