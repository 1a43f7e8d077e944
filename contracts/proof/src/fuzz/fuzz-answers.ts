import { gunzipSync } from 'node:zlib';
import { memberKey } from '@braze-mixpanel/core/cohorts';
import { catalogue2022_06, sampleEvent, seededRandom } from '@braze-mixpanel/core/currents';
import { mappingOptionsText } from '@braze-mixpanel/core/mapping';
import { type ConnectionConfig, readConfig } from '@braze-mixpanel/service';
import {
  CohortError,
  importClient,
  mapRow,
  partnerSink,
  queryClient,
  type SinkAnswer,
  settlementOf,
  settleUnit,
  trackSink,
} from '@braze-mixpanel/service/contracts';
import { inMegabytes, ResidentSamples } from '../service/resident.ts';
import { drawing } from './draw.ts';
import type { FuzzOptions } from './fuzz-bodies.ts';
import { malformedAnswers } from './malformed-answers.ts';

export interface AnswerFigures {
  readonly seed: number;
  readonly answers: number;
  readonly seconds: number;
  /** Number of rounds by outcome. */
  readonly ends: Readonly<Record<string, number>>;
  readonly residentMB: { readonly first: number; readonly second: number };
}

/** A placeholder secret that vendors echo in their answers. */
const secret = 'proof-secret-value';
const stop = new AbortController().signal;
const now = () => 1_800_000_000_000;

/**
 * The fuzz proof of vendor answers: passes malformed answers to the clients of both vendors and to their
 * callers. Only a `CohortError` may be thrown. Every event of a unit must be imported, dead-lettered or
 * unanswered, and unanswered only together with a failure. A request must not be repeated forever. Messages
 * about an answer must be short, without secrets and HTML. No event may count as imported unless an answer
 * confirms it. Memory must not grow.
 *
 * @throws Error with every violated condition and the seed
 */
export async function fuzzAnswers({
  count,
  seed,
  report = () => undefined,
}: FuzzOptions): Promise<AnswerFigures> {
  const random = seededRandom(seed);
  const draw = drawing(random);
  const make = malformedAnswers(random);
  const ends: Record<string, number> = {};
  const problems: string[] = [];
  const resident = new ResidentSamples();
  let answers = 0;
  let ids: readonly string[] = [];
  let asked = 0;
  /** Events that the answers of this round may confirm as imported. */
  const vouched = new Set<string>();
  let vendorNow: 'braze' | 'query' = 'braze';
  const fake: typeof globalThis.fetch = async (_input, init) => {
    answers += 1;
    asked += 1;
    const isImport = init?.body instanceof Uint8Array;
    const sent = isImport ? insertIds(init.body as Uint8Array) : ids;
    const answer = make({ vendor: isImport ? 'import' : vendorNow, ids: sent, echo: secret });
    if ('failure' in answer) throw answer.failure;
    if (isImport) for (const id of await vouchedBy(answer.response, sent)) vouched.add(id);
    return answer.response;
  };
  const connection = connectionOf();
  const vendor = { fetch: fake, timeoutMs: 60_000, now };
  const send = importClient({ mixpanel: connection.mixpanel, timeoutMs: 60_000, fetch: fake, now });
  const query = queryClient({
    mixpanel: connection.mixpanel,
    budget: { take: async () => ({ granted: true }), leave: async () => {} },
    clock: { now },
    vendor,
    policy: { retryBaseMs: 0, retryMaxMs: 0 },
    random,
    wait: async () => undefined,
  });

  const importRound = async (): Promise<string> => {
    const events = 1 + draw.below(12);
    const mapped = mapRow(batchOf(events, random), now());
    vouched.clear();
    const { answers, failure } = await settleUnit([mapped.outbound], send, stop);
    const row = settlementOf(mapped, answers);
    const dead = new Set(row.dead.map(({ index }) => index));
    const settled = row.imported + dead.size + row.unanswered;
    if (settled !== events || row.unanswered < 0 || dead.size !== row.dead.length)
      problems.push(
        `of ${events} events ${row.imported} are imported, ${row.dead.length} dead, ${row.unanswered} unanswered`,
      );
    if ((failure === undefined) !== (row.unanswered === 0) && failure === undefined)
      problems.push(`${row.unanswered} events have no answer and no failure`);
    if (asked > 4 * events + 20) problems.push(`${asked} requests for ${events} events`);
    const alive = mapped.outbound.filter(({ index }) => !dead.has(index));
    if (
      row.imported > vouched.size ||
      (failure === undefined && alive.some(each => !vouched.has(each.insertId)))
    )
      problems.push(`${row.imported} events count as imported, but answers confirm ${vouched.size}`);
    const details = row.dead.map(({ detail }) => detail);
    judgeTexts(failure === undefined ? details : [...details, failure.detail]);
    return failure === undefined ? `import settled` : `import ${failure.kind} ${failure.code}`;
  };
  /** Sinks limit their rate by the machine's clock; a new sink has its whole burst. */
  const brazeRound = async (kind: 'partner' | 'track'): Promise<string> => {
    vendorNow = 'braze';
    const sink = (kind === 'partner' ? partnerSink : trackSink)(connection.braze, vendor);
    const cohort = { id: '12345', name: 'Buyers' };
    const group = Array.from({ length: 1 + draw.below(50) }, (_, place) => ({
      key: memberKey({ kind: 'external_id', id: `customer-${place}` }),
      remove: draw.chance(0.5),
    }));
    const answer = draw.chance(0.2)
      ? await sink.introduce(cohort, stop)
      : await sink.send(cohort, group, stop);
    judgeSinkAnswer(answer);
    return `${kind} ${answer.kind}`;
  };
  const queryRound = async (): Promise<string> => {
    vendorNow = 'query';
    ids = Array.from({ length: draw.below(5) }, (_, place) => `customer-${place}`);
    try {
      if (draw.chance(0.5)) await query.list(stop);
      else await query.page({ cohort: '12345', properties: ['$braze_external_id'], page: 0 }, stop);
      return 'query answered';
    } catch (error) {
      if (!(error instanceof CohortError)) throw error;
      judgeTexts([error.message], secret);
      if (error.retryAt !== undefined && !(error.retryAt <= now() + 24 * 3_600_000))
        problems.push(`the query waits until ${error.retryAt}`);
      return `query ${error.code}`;
    }
  };
  const judgeSinkAnswer = (answer: SinkAnswer) => {
    if (!['accepted', 'refused', 'unproven', 'retry', 'stop'].includes(answer.kind))
      problems.push(`Braze's answer means ${JSON.stringify(answer)}`);
    if (answer.kind !== 'accepted') judgeTexts([answer.problem.detail], secret);
    else if (answer.refused.some(index => !Number.isInteger(index)))
      problems.push(`refused are ${JSON.stringify(answer.refused)}`);
  };
  /**
   * The service redacts secrets in texts of `/import` when it passes them on, so only their length is checked
   * there.
   */
  const judgeTexts = (texts: readonly string[], hidden?: string) => {
    for (const text of texts) {
      if (hidden !== undefined && text.includes(hidden))
        problems.push(`a message contains a secret: ${text}`);
      if (text.length > 1_000)
        problems.push(`${text.length} characters of an answer are in a message: ${text.slice(0, 80)}…`);
      if (/<(?:html|body|!doctype|\?xml)/i.test(text)) problems.push(`a page is quoted: ${text}`);
      if (!text.isWellFormed()) problems.push(`a message contains half a character: ${JSON.stringify(text)}`);
    }
  };

  const begun = performance.now();
  const rounds = [
    importRound,
    importRound,
    () => brazeRound('partner'),
    () => brazeRound('track'),
    queryRound,
  ];
  for (let round = 0; answers < count && problems.length < 10; round++) {
    asked = 0;
    try {
      const end = await rounds[round % rounds.length]!();
      ends[end] = (ends[end] ?? 0) + 1;
    } catch (error) {
      problems.push(`round ${round} threw ${error instanceof Error ? error.stack : error}`);
    }
    if (round % 250 === 0) resident.add(process.memoryUsage.rss());
    if (round % 5_000 === 0) report(`${answers} of ${count} answers`);
  }
  const growth = resident.growth();
  if (growth !== undefined) problems.push(growth);
  if (Object.hasOwn(Object.prototype, 'polluted'))
    problems.push('an answer reached the prototype of all objects');
  if (problems.length > 0) throw new Error([`With seed ${seed}:`, ...problems].join('\n- '));
  const { first, second } = resident.peaks();
  return {
    ...{ seed, answers, seconds: (performance.now() - begun) / 1_000, ends },
    residentMB: { first: inMegabytes(first), second: inMegabytes(second) },
  };
}

function connectionOf(): ConnectionConfig {
  const [connection] = readConfig({
    environment: {
      MIXPANEL_SERVICE_ACCOUNT: 'account',
      MIXPANEL_SERVICE_SECRET: secret,
      MIXPANEL_PROJECT_ID: '12345',
      MIXPANEL_API_URL: 'http://mixpanel.test',
      MIXPANEL_QUERY_URL: 'http://mixpanel.test',
      BRAZE_REST_URL: 'http://braze.test',
      BRAZE_REST_API_KEY: secret,
      BRAZE_DATA_IMPORT_KEY: secret,
      BRAZE_PARTNER_API_KEY: secret,
    },
  }).connections;
  if (connection === undefined) throw new Error('The environment describes no connection.');
  return connection;
}

const mappingOptions = mappingOptionsText({ catalogueVersion: catalogue2022_06 });

function batchOf(events: number, random: () => number) {
  const { entries } = catalogue2022_06;
  const made = Array.from({ length: events }, (_, place) =>
    sampleEvent(entries[place % entries.length]!, {
      random,
      time: 1_767_225_600,
      externalUserId: 'customer',
    }),
  );
  const body = new TextEncoder().encode(JSON.stringify({ events: made }));
  return {
    id: 1,
    attempts: 0,
    connection: 'default',
    receivedAt: now(),
    events,
    body,
    profile: mappingOptions,
  };
}

function insertIds(body: Uint8Array): string[] {
  const rows = JSON.parse(gunzipSync(body).toString()) as { properties: { $insert_id: string } }[];
  return rows.map(({ properties }) => properties.$insert_id);
}

/**
 * The maximum number of events that an answer can confirm: those it does not list as failed, if its count
 * matches. The service has stricter conditions for trusting an answer.
 */
async function vouchedBy(response: Response, sent: readonly string[]): Promise<readonly string[]> {
  if (response.status !== 200 && response.status !== 400) return [];
  try {
    const answer = JSON.parse(await response.clone().text()) as Record<string, unknown> | null;
    const records = Array.isArray(answer?.failed_records) ? (answer.failed_records as unknown[]) : [];
    const failed = records.map(record => (record as { index?: unknown } | null)?.index);
    const others = sent.filter((_, index) => !failed.includes(index));
    return answer?.num_records_imported === others.length ? others : [];
  } catch {
    return [];
  }
}
