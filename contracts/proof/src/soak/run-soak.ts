import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { catalogue2022_06, sampleEvent, seededRandom } from '@braze-mixpanel/core/currents';
import { RawSender } from '../fuzz/raw-sender.ts';
import { adminToken, countsOf, unaccounted } from '../service/counts.ts';
import { inMegabytes, ResidentSamples } from '../service/resident.ts';
import { ServiceProcess } from '../service/service-process.ts';
import { mixpanelDown } from './mixpanel-down.ts';

export interface SoakOptions {
  /** Length of the outage in simulated seconds. */
  readonly outageSeconds: number;
  /** Events per second: of simulated time during the outage, of real time afterwards. */
  readonly rate: number;
  /** Time limit for the drain in real seconds; it ends earlier when nothing is pending. */
  readonly drainSeconds: number;
  readonly report?: (sentence: string) => void;
}

export interface SoakFigures {
  readonly outageSeconds: number;
  readonly rate: number;
  readonly events: number;
  /** Real seconds in which the events of the outage were accepted. */
  readonly acceptSeconds: number;
  /** Number of requests that Mixpanel refused meanwhile. */
  readonly refused: number;
  readonly diskMB: number;
  readonly diskBytesPerEvent: number;
  /** Peak memory in the first and the second half of the outage, and during the drain. */
  readonly residentMB: { readonly first: number; readonly second: number; readonly drain: number };
  /**
   * Real seconds from Mixpanel's return until nothing was pending or the time limit; events kept arriving.
   */
  readonly drainSeconds: number;
  readonly importedPerSecond: number;
  /** Events still pending at the end. */
  readonly left: number;
}

const token = 'proof-currents-token';
const eventsPerBatch = 100;
const connections = 32;
const stepSeconds = 60;

/**
 * The outage proof. Mixpanel is down while Braze keeps sending: the events of that time are accepted as fast
 * as possible, at their rate in simulated time. Then Mixpanel returns, and the backlog drains while events
 * arrive at the same rate in real time. Every event must be accounted for at any time, memory must not grow,
 * and the backlog must drain at least twice as fast as events arrive.
 *
 * @throws Error with every violated condition
 */
export async function runSoak({
  outageSeconds,
  rate,
  drainSeconds: watchSeconds,
  report = () => undefined,
}: SoakOptions): Promise<SoakFigures> {
  await using started = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'soak-'));
  started.defer(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'service.db');
  const mixpanel = started.use(await mixpanelDown());
  const service = started.use(
    new ServiceProcess({
      STORAGE_URL: `sqlite:${file}`,
      ADMIN_TOKEN: adminToken,
      CURRENTS_TOKEN: token,
      MIXPANEL_API_URL: mixpanel.url,
      MIXPANEL_TOKEN: 'mixpanel-token',
      MIXPANEL_QUERY_URL: mixpanel.url,
      CLOCK_URL: `${mixpanel.url}/_sim/clock`,
      BACKLOG_MAX_BYTES: '100gb',
      // Waiting the real minute after the last attempt would take a large part of the compressed hour.
      DELIVERY_RETRY_MAX: '2s',
    }),
  );
  const url = await service.url;
  const problems: string[] = [];
  const bodies = batchesOfOneType();
  const senders = Array.from({ length: connections }, () => new RawSender(url, '/currents', token));
  started.defer(() => senders.forEach(sender => void sender.close()));
  let next = 0;
  let accepted = 0;
  const send = async (sender: RawSender) => {
    const bytes = bodies[next++ % bodies.length]!;
    const { status, body } = await sender.send({ bytes, encoding: 'identity' });
    if (status === 200) accepted += eventsPerBatch;
    else problems.push(`a batch was answered ${status} ${body}`);
  };
  const look = async () => {
    const counts = await countsOf(url);
    const problem = unaccounted(counts);
    if (problem !== undefined) problems.push(problem);
    return counts;
  };

  const resident = new ResidentSamples();
  const begun = performance.now();
  for (let passed = 0; passed < outageSeconds && problems.length < 10; passed += stepSeconds) {
    const step = Math.min(stepSeconds, outageSeconds - passed);
    let left = Math.round((step * rate) / eventsPerBatch);
    const lane = async (sender: RawSender) => {
      while (left-- > 0) await send(sender);
    };
    await Promise.all(senders.map(lane));
    await mixpanel.pass(step * 1_000);
    resident.add(await service.residentBytes());
    const { pending } = await look();
    report(`${passed + step} s of the outage, ${pending.events} events pending`);
  }
  const acceptSeconds = (performance.now() - begun) / 1_000;
  const before = await look();
  if (before.accepted !== accepted || before.imported > 0)
    problems.push(`${accepted} events were acknowledged; the counts are ${JSON.stringify(before)}`);
  const diskBytes = (await Promise.all([file, `${file}-wal`].map(sizeOf))).reduce(
    (sum, size) => sum + size,
    0,
  );

  const refused = mixpanel.refused;
  mixpanel.comeBack();
  const draining = new ResidentSamples();
  const back = performance.now();
  const watched = () => performance.now() - back > watchSeconds * 1_000;
  const drained = async () => (await look()).pending.events < rate / 10 || watched();
  let ready = false;
  const inflow = async () => {
    let due = back;
    for (let lane = 0; !ready && problems.length < 10; lane++) {
      due += (eventsPerBatch * 1_000) / rate;
      if (due > performance.now()) await wait(due - performance.now());
      await send(senders[lane % connections]!);
    }
  };
  const watching = async () => {
    try {
      while (!(await drained()) && problems.length < 10) {
        draining.add(await service.residentBytes());
        await wait(200);
      }
    } finally {
      ready = true;
    }
  };
  await Promise.all([inflow(), watching()]);
  const drainSeconds = (performance.now() - back) / 1_000;
  const after = await look();
  const importedPerSecond = Math.round(after.imported / drainSeconds);
  if (after.accepted !== accepted)
    problems.push(`${accepted} events were acknowledged, ${after.accepted} are accepted`);
  if (mixpanel.taken < after.imported)
    problems.push(`${after.imported} events count as imported, Mixpanel took ${mixpanel.taken}`);
  if (importedPerSecond < 2 * rate)
    problems.push(
      `${importedPerSecond} events/s were imported beside an inflow of ${rate}/s: less than twice that`,
    );
  const growth = resident.growth();
  if (growth !== undefined) problems.push(growth);
  if (problems.length > 0) throw new Error(['The soak found:', ...problems].join('\n- '));

  const { first, second } = resident.peaks();
  const drain = Math.max(draining.peaks().first, draining.peaks().second);
  return {
    ...{ outageSeconds, rate, events: before.accepted, acceptSeconds, refused },
    diskMB: inMegabytes(diskBytes),
    diskBytesPerEvent: Math.round(diskBytes / before.accepted),
    residentMB: { first: inMegabytes(first), second: inMegabytes(second), drain: inMegabytes(drain) },
    drainSeconds,
    importedPerSecond,
    left: after.pending.events,
  };
}

/** Batches as Braze sends them: a hundred events of one type each. */
function batchesOfOneType(): Buffer[] {
  const random = seededRandom(1);
  return catalogue2022_06.entries.flatMap(entry =>
    Array.from({ length: 5 }, () => {
      const events = Array.from({ length: eventsPerBatch }, (_, place) =>
        sampleEvent(entry, { random, time: 1_767_225_600, externalUserId: `customer-${place}` }),
      );
      return Buffer.from(JSON.stringify({ events }));
    }),
  );
}

const sizeOf = (path: string) =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );
