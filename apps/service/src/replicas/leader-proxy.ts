/**
 * The cohort syncs as any replica answers for them: the one that runs them does so itself, the others ask it.
 *
 * A question goes out as `{"verb","args"}` and comes back as `{"result"}`, `{"error":{"code","detail"}}`, or `{"moved":true}` from a
 * replica that stopped leading in the meantime and did nothing: then it is asked once more. A replica that dies with a question leaves
 * the asker to time out: a page of Mixpanel is then answered 503 and sent again, since nobody said that it is on disk.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { LeaseName, Replicas } from '@braze-mixpanel/storage';
import { StorageError } from '@braze-mixpanel/storage';
import type { Logger } from 'pino';
import { z } from 'zod';
import { CohortError } from '../cohorts/cohort-error.ts';
import type { CohortApi, CohortService } from '../cohorts/index.ts';
import { cohortApiOf } from '../cohorts/index.ts';
import { type CohortErrorCode, cohortErrors } from '../errors/cohort-errors.ts';
import type { Leadership } from './leadership.ts';

const lease: LeaseName = 'cohorts';
/** Long enough for another replica to take over from one that died, and to answer. */
const timeoutMs = 20_000;
/** `/status` shows what storage holds where nobody answers so quickly. */
const listTimeoutMs = 3_000;
const askAgainMs = 100;
/** A dry run reads the cohort first, and a search for one user every snapshot. */
const longTimeoutMs = 120_000;

const verbs = [
  'list',
  'find',
  'create',
  'pause',
  'resume',
  'run',
  'confirm',
  'setSource',
  'remove',
  'dryRun',
  'history',
  'unmatched',
  'forget',
  'trace',
  'receive',
] as const satisfies readonly (keyof CohortApi)[];
type Verb = (typeof verbs)[number];
const longVerbs: readonly Verb[] = ['dryRun', 'forget', 'trace'];

const questionSchema = z.object({ verb: z.enum(verbs), args: z.array(z.unknown()) });
/** A code that only a newer replica knows is a failure like any other. */
const code = z.enum(Object.keys(cohortErrors) as CohortErrorCode[]).catch('cohort_storage');
const answerSchema = z.union([
  z.object({ moved: z.literal(true) }),
  z.object({ error: z.object({ code, detail: z.string() }) }),
  z.object({ result: z.unknown() }),
]);

export interface LeaderProxyOptions {
  readonly leadership: Leadership<CohortService>;
  readonly replicas: Replicas | undefined;
  readonly logger: Logger;
  readonly monotonic: () => number;
}

export function leaderProxy(options: LeaderProxyOptions): CohortApi {
  const { leadership, replicas } = options;
  replicas?.answer(lease, question => answer(question, options));
  const call = async (verb: Verb, args: readonly unknown[]): Promise<unknown> => {
    const cohorts = await leadership.current();
    if (cohorts) return perform(cohortApiOf(cohorts), verb, args).catch(error => overtaken(error, options));
    if (!replicas) throw new CohortError({ code: 'cohort_stopping', detail: '' });
    return ask({ verb, args }, options, replicas);
  };
  const api = verbs.map(verb => [verb, (...args: unknown[]) => call(verb, args)]);
  return Object.fromEntries(api) as CohortApi;
}

/** Storage that refuses a write of one replica may take it from another, and is no sign of a storage that is away. */
function overtaken(error: unknown, { leadership, replicas }: LeaderProxyOptions): never {
  if (!replicas || !(error instanceof StorageError) || error.code !== 'unavailable') throw error;
  leadership.recheck();
  throw new CohortError({ code: 'cohort_replica_away', detail: error.message });
}

function perform(api: CohortApi, verb: Verb, args: readonly unknown[]): Promise<unknown> {
  return (api[verb] as (...args: readonly unknown[]) => Promise<unknown>)(...args);
}

async function ask(
  question: { verb: Verb; args: readonly unknown[] },
  { leadership, monotonic }: LeaderProxyOptions,
  replicas: Replicas,
): Promise<unknown> {
  const until = monotonic() + timeoutFor(question.verb);
  for (;;) {
    const text = await replicas
      .ask(lease, JSON.stringify(question), Math.max(1, until - monotonic()))
      .catch((cause: unknown) => {
        if (!(cause instanceof StorageError)) throw cause;
        throw new CohortError({ code: 'cohort_replica_away', detail: cause.message });
      });
    const answered = answerSchema.parse(JSON.parse(text));
    if ('error' in answered) throw new CohortError(answered.error);
    if ('result' in answered) return answered.result;
    // It may be this replica's turn by now.
    await pause(askAgainMs, undefined, { ref: false });
    const cohorts = await leadership.current();
    if (cohorts) return perform(cohortApiOf(cohorts), question.verb, question.args);
  }
}

function timeoutFor(verb: Verb): number {
  if (verb === 'list') return listTimeoutMs;
  return longVerbs.includes(verb) ? longTimeoutMs : timeoutMs;
}

/** Never rejects: what fails is told to the asker, and to the log where it is a defect. */
async function answer(question: string, { leadership, logger }: LeaderProxyOptions): Promise<string> {
  const cohorts = await leadership.current();
  if (!cohorts) return JSON.stringify({ moved: true });
  try {
    const { verb, args } = questionSchema.parse(JSON.parse(question));
    return JSON.stringify({ result: (await perform(cohortApiOf(cohorts), verb, args)) ?? null });
  } catch (error) {
    return JSON.stringify({ error: failureOf(error, logger) });
  }
}

function failureOf(error: unknown, logger: Logger): { code: CohortErrorCode; detail: string } {
  if (error instanceof CohortError) return { code: error.code, detail: error.detail };
  if (error instanceof StorageError) return { code: 'cohort_storage', detail: error.message };
  logger.error({ err: error }, "another replica's question about cohorts failed");
  return { code: 'cohort_storage', detail: 'the replica that runs the cohort syncs failed; see its log' };
}
