import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@braze-mixpanel/core/currents';
import { deadReasons, skipReasons } from '@braze-mixpanel/core/mapping';
import { startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { adminToken, type Counts, countsOf, unaccounted, untilCounts } from '../service/counts.ts';
import { inMegabytes, ResidentSamples } from '../service/resident.ts';
import { ServiceProcess } from '../service/service-process.ts';
import { type MalformedBody, malformedBodies } from './malformed-bodies.ts';
import { RawSender } from './raw-sender.ts';

export interface BodyFigures {
  readonly seed: number;
  readonly bodies: number;
  readonly seconds: number;
  /** Number of bodies by status. */
  readonly answers: Readonly<Record<string, number>>;
  readonly accepted: number;
  readonly imported: number;
  readonly skipped: Readonly<Record<string, number>>;
  readonly deadLettered: Readonly<Record<string, number>>;
  readonly residentMB: { readonly first: number; readonly second: number };
}

export interface FuzzOptions {
  readonly count: number;
  readonly seed: number;
  readonly report?: (sentence: string) => void;
}

const token = 'proof-currents-token';
const connections = 256;
/** The permitted statuses for a complete body that Braze could send. Never a 500. */
const allowed = new Set([200, 400, 413, 415, 503]);

/**
 * The fuzz proof of Currents bodies: sends malformed bodies to the real service, which delivers to a
 * simulated Mixpanel. It must answer each, keep running and log no error. Every event of a body answered with
 * 200 must be accounted for, with a documented reason. Nothing may reach Mixpanel that it rejects. Memory
 * must not grow.
 *
 * @throws Error with every violated condition and the seed
 */
export async function fuzzBodies({
  count,
  seed,
  report = () => undefined,
}: FuzzOptions): Promise<BodyFigures> {
  await using started = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'fuzz-'));
  started.defer(() => rm(folder, { recursive: true, force: true }));
  const mixpanel = started.use(await startMockMixpanel());
  const service = started.use(
    new ServiceProcess({
      STORAGE_URL: `sqlite:${join(folder, 'service.db')}`,
      ADMIN_TOKEN: adminToken,
      CURRENTS_TOKEN: token,
      MIXPANEL_API_URL: mixpanel.url,
      MIXPANEL_TOKEN: 'mixpanel-token',
    }),
  );
  const url = await service.url;
  const next = malformedBodies(seededRandom(seed));
  const answers: Record<string, number> = {};
  const problems: string[] = [];
  const resident = new ResidentSamples();
  let sent = 0;
  let accepted = 0;

  const note = (body: MalformedBody, status: number, text: string) => {
    answers[status] = (answers[status] ?? 0) + 1;
    if (status === 200) accepted += Number(/^\{"accepted":(\d+)\}$/.exec(text)?.[1]);
    else if (!allowed.has(status)) problems.push(`${status} ${text} for ${shown(body)}`);
    else if (!/^\{"error":\{"code":"[a-z_]+","message":"[^"]/.test(text))
      problems.push(`${status} without a sentence (${text}) for ${shown(body)}`);
  };
  const connection = async () => {
    const sender = new RawSender(url, '/currents', token);
    while (sent < count && problems.length < 10) {
      sent += 1;
      const at = sent;
      const body = next();
      try {
        const answer = await sender.send(body);
        note(body, answer.status, answer.body);
      } catch (error) {
        problems.push(`${error instanceof Error ? error.message : error} for ${shown(body)}`);
      }
      if (at % 1_000 === 0) resident.add(await service.residentBytes());
      if (at % 50_000 === 0) report(`${at} of ${count} bodies`);
    }
    sender.close();
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: connections }, connection));
  const seconds = (performance.now() - begun) / 1_000;

  if (!service.alive) problems.push(`the service ended: ${service.stderr}`);
  const counts = service.alive
    ? await untilCounts(url, ({ pending }) => pending.events === 0, 300_000)
    : await countsOf(url);
  for (const problem of problemsOf(counts, accepted, mixpanel.model.events.raw)) problems.push(problem);
  if (service.stderr !== '') problems.push(`errors were logged: ${service.stderr.slice(0, 2_000)}`);
  const growth = resident.growth();
  if (growth !== undefined) problems.push(growth);
  if (problems.length > 0) throw new Error([`With seed ${seed}:`, ...problems].join('\n- '));

  const { first, second } = resident.peaks();
  return {
    ...{ seed, bodies: sent, seconds, answers, accepted, imported: counts.imported },
    skipped: counts.skipped,
    deadLettered: counts.deadLettered,
    residentMB: { first: inMegabytes(first), second: inMegabytes(second) },
  };
}

function problemsOf(counts: Counts, accepted: number, stored: number): string[] {
  const problems = [unaccounted(counts)].filter(problem => problem !== undefined);
  if (counts.accepted !== accepted)
    problems.push(`${accepted} events were answered 200, ${counts.accepted} are accepted`);
  if (stored < counts.imported)
    problems.push(`${counts.imported} events count as imported, Mixpanel stored ${stored}`);
  // The mapping must detect in advance what Mixpanel rejects.
  const unknown = [
    ...Object.keys(counts.skipped).filter(reason => !Object.hasOwn(skipReasons, reason)),
    ...Object.keys(counts.deadLettered).filter(
      reason => !Object.hasOwn(deadReasons, reason) || reason === 'refused_by_mixpanel',
    ),
  ];
  if (unknown.length > 0) problems.push(`unexpected reasons: ${unknown.join(', ')}`);
  return problems;
}

function shown({ bytes, encoding }: MalformedBody): string {
  return `${encoding} ${JSON.stringify(bytes.subarray(0, 300).toString('latin1'))}`;
}
