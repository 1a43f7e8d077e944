import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { processUsage } from '../measure/process-usage.ts';
import { quantile } from '../measure/quantile.ts';
import { startServerProcess } from '../measure/server-process.ts';
import { EVENTS_PER_IMPORT, importBodies } from './import-bodies.ts';

export interface SimulatorOptions {
  events: number;
  members: number;
  connections: number;
  timeoutMs: number;
  profileFolder?: string | undefined;
}

export interface SimulatorFigures {
  /** Median milliseconds from the start of the process to `listening`, by simulator. */
  start: Record<string, number>;
  events: number;
  importSeconds: number;
  /** CPU seconds of the simulator, for the import only. */
  importCpuSeconds: number | undefined;
  members: number;
  memberSeconds: number;
  /**
   * A cohort by rule: created over all events, and read again after two hours and one more request of events.
   */
  rule: { seconds: number; members: number; againSeconds: number };
  /** Peak memory after the events, and after the members were added. */
  eventBytes: number | undefined;
  peakBytes: number | undefined;
}

const simulators = ['mock-mixpanel', 'mock-braze'];
const starts = 5;
const cohort = '/_sim/cohorts/12345';
const membersAtOnce = 50_000;
const token = `Basic ${Buffer.from('mixpanel-token:').toString('base64')}`;

/**
 * The simulator benchmark: start-up time, import rate of Mixpanel with all checks enabled, and memory use.
 */
export async function measureSimulators(options: SimulatorOptions): Promise<SimulatorFigures> {
  const { members, connections, timeoutMs, profileFolder } = options;
  const signal = AbortSignal.timeout(timeoutMs);
  const start: Record<string, number> = {};
  for (const name of simulators) start[name] = await medianStart(name);

  await using mixpanel = await startServerProcess({
    packageName: '@braze-mixpanel/mock-mixpanel',
    profileFolder,
  });
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  try {
    const requests = Math.ceil(options.events / EVENTS_PER_IMPORT);
    const events = requests * EVENTS_PER_IMPORT;
    const bodies = await Array.fromAsync(importBodies(requests));
    const [last = Buffer.alloc(0)] = bodies.slice(-1);
    const before = await processUsage(mixpanel.pid);
    const importSeconds = await timed(() =>
      together(bodies, connections, body =>
        send(mixpanel.url, '/import?strict=1', body, { agent, signal, gzip: true }),
      ),
    );
    const after = await processUsage(mixpanel.pid);
    bodies.length = 0;
    const memberSeconds = await timed(() => fillCohort(mixpanel.url, members, { agent, signal }));
    await checkHeld(mixpanel.url, events, members, signal);
    const rule = await measureRule(mixpanel.url, last, { agent, signal });
    return {
      ...{ start, events, importSeconds, members, memberSeconds, rule },
      importCpuSeconds: before && after && after.cpuSeconds - before.cpuSeconds,
      eventBytes: after?.peakBytes,
      peakBytes: (await processUsage(mixpanel.pid))?.peakBytes,
    };
  } finally {
    agent.destroy();
  }
}

async function medianStart(name: string): Promise<number> {
  const taken: number[] = [];
  for (let count = 0; count < starts; count++) {
    await using server = await startServerProcess({ packageName: `@braze-mixpanel/${name}` });
    taken.push(server.startMs);
  }
  return quantile(
    taken.toSorted((one, other) => one - other),
    0.5,
  );
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1_000;
}

/** Runs the work for every item, with at most `width` in progress. */
async function together<Item>(
  items: Iterable<Item>,
  width: number,
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  const rest = items[Symbol.iterator]();
  const worker = async () => {
    for (let item = rest.next(); !item.done; item = rest.next()) await work(item.value);
  };
  await Promise.all(Array.from({ length: width }, worker));
}

interface Sending {
  readonly agent: Agent;
  readonly signal: AbortSignal;
  readonly gzip?: boolean;
}

async function fillCohort(url: string, members: number, sending: Sending): Promise<void> {
  await send(url, cohort, Buffer.from('{"name":"Bench"}'), sending, 'PUT');
  for (let from = 0; from < members; from += membersAtOnce) {
    const add = Array.from({ length: Math.min(membersAtOnce, members - from) }, (_, index) => ({
      distinct_id: `customer-${from + index}`,
      properties: { $email: `customer-${from + index}@example.com`, plan: 'pro' },
    }));
    await send(url, `${cohort}/members`, Buffer.from(JSON.stringify({ add })), sending);
  }
}

/** Measures a cohort by rule: the users with one type of event out of forty-one. */
async function measureRule(url: string, more: Buffer, sending: Sending): Promise<SimulatorFigures['rule']> {
  const path = '/_sim/cohorts/777';
  const at = Buffer.from('{"set":"2026-01-02T00:00:00Z"}');
  await send(url, '/_sim/clock', at, sending);
  const did = [{ event: 'Email Send', within: '30d' }];
  const body = Buffer.from(JSON.stringify({ name: 'By rule', rule: { did } }));
  const count = async () =>
    ((await (await fetch(`${url}${path}?members=false`, sending)).json()) as { count: number }).count;
  let members = 0;
  const seconds = await timed(async () => {
    await send(url, path, body, sending, 'PUT');
    members = await count();
  });
  await send(url, '/_sim/clock', Buffer.from('{"advance":"2h"}'), sending);
  await send(url, '/import?strict=1', more, { ...sending, gzip: true });
  return { seconds, members, againSeconds: await timed(count) };
}

/** Rejects a measurement in which something is missing. */
async function checkHeld(url: string, events: number, members: number, signal: AbortSignal): Promise<void> {
  const json = async (path: string) =>
    (await (await fetch(url + path, { signal })).json()) as Record<string, number>;
  const { unique } = await json('/_sim/events/count');
  const { count } = await json(`${cohort}?members=false`);
  if (unique !== events || count !== members)
    throw new Error(`the simulator holds ${unique} events of ${events} and ${count} members of ${members}`);
}

function send(
  url: string,
  path: string,
  body: Buffer,
  { agent, signal, gzip = false }: Sending,
  method = 'POST',
): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: token,
      'content-type': 'application/json',
      'content-length': body.length,
      ...(gzip && { 'content-encoding': 'gzip' }),
    };
    const sent = request(url + path, { agent, method, headers, signal }, async response => {
      const answer = await text(response);
      if (response.statusCode === 200) resolve();
      else reject(new Error(`${path} answered ${response.statusCode}: ${answer.slice(0, 300)}`));
    });
    sent.once('error', reject);
    sent.end(body);
  });
}
