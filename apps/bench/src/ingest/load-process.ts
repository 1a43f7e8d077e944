import { Agent, type OutgoingHttpHeaders, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { backfilledEntries } from '../backfill/exported-files.ts';
import { sampleBodies } from '../samples.ts';

/**
 * The load generator, in the role of Braze: sends batches over keep-alive connections, each after the
 * previous one was acknowledged, or at a steady rate if given. It prepares all bodies first, sends `ready`,
 * and starts when it receives an address. Arguments: the number of batches, the events of each, and `2026-07`
 * for the event types of a back-fill instead of those of 2022-06.
 */
export interface LoadSettings {
  url: string;
  token: string;
  batches: number;
  connections: number;
  /** Events per second over all connections; unlimited if absent. */
  rate: number | undefined;
  /** Seconds at the beginning whose latencies are left out. Default: 0. */
  warmUpSeconds?: number;
}

/** Further latencies of the running load are left out: what was to be measured beside it has ended. */
export interface UncountedLoad {
  kind: 'uncounted';
}

export type FromLoad =
  | { kind: 'ready'; bytes: number }
  | { kind: 'done'; seconds: number /** One per batch after the warm-up, sorted. */; milliseconds: number[] }
  | { kind: 'failed'; why: string };

// The callback receives the error if the parent has exited; `disconnect` then ends this process.
const sendMessage = (message: FromLoad) => process.send?.(message, undefined, undefined, () => undefined);
const batches = Number(process.argv[2]);
const eventsPerBatch = Number(process.argv[3]);
const entries = process.argv[4] === '2026-07' ? backfilledEntries() : undefined;
const bodies = sampleBodies(batches, 1, entries, eventsPerBatch);
const bodyOf = (index: number) => bodies[index % bodies.length]!;

let isCounted = true;
process.on('message', (message: LoadSettings | UncountedLoad) => {
  if ('kind' in message) isCounted = false;
  else run(message).then(sendMessage, error => sendMessage({ kind: 'failed', why: String(error) }));
});
process.on('disconnect', () => process.exit());
sendMessage({ kind: 'ready', bytes: bodies.reduce((sum, body) => sum + body.length, 0) / bodies.length });

async function run({
  url,
  token,
  batches,
  connections,
  rate,
  warmUpSeconds = 0,
}: LoadSettings): Promise<FromLoad> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const taken: number[] = [];
  isCounted = true;
  const begun = performance.now();
  let next = 0;
  const connection = async () => {
    for (let index = next++; index < batches; index = next++) {
      const due = rate === undefined ? 0 : begun + (index * eventsPerBatch * 1_000) / rate;
      const left = due - performance.now();
      if (left > 0) await wait(left);
      // At a steady rate, the delay of a batch that could not be sent in time counts: Braze would see it as
      // well.
      const from = Math.max(due, 0) || performance.now();
      await post(url, agent, headers, bodyOf(index));
      if (isCounted && from >= begun + warmUpSeconds * 1_000) taken.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  const seconds = (performance.now() - begun) / 1_000;
  agent.destroy();
  return { kind: 'done', seconds, milliseconds: taken.sort((a, b) => a - b) };
}

function post(url: string, agent: Agent, headers: OutgoingHttpHeaders, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: 'POST',
      agent,
      headers: { ...headers, 'content-length': body.length },
    });
    sent.on('error', reject);
    sent.on('response', response => {
      response.resume();
      response.on('end', () =>
        response.statusCode === 200
          ? resolve()
          : reject(new Error(`a batch was answered with ${response.statusCode}`)),
      );
    });
    sent.end(body);
  });
}
