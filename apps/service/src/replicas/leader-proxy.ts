/**
 * The cohort API on any replica: the leader, which runs the syncs, answers by itself, and the others send it
 * a request.
 *
 * A request is `{"verb","args"}`; its answer is `{"result"}`, `{"error":{"code","detail"}}`, or
 * `{"moved":true}` from a replica that stopped leading in the meantime and did nothing: then the request is
 * sent once more. Arguments and results are parsed by their receiver. When a replica is killed with a
 * request, the caller times out: a page of Mixpanel then gets a 503 and is sent again, since no replica
 * confirmed that it is on disk.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { LeaseName, Replicas } from '@braze-mixpanel/storage';
import { StorageError } from '@braze-mixpanel/storage';
import type { Logger } from 'pino';
import { z } from 'zod';
import { CohortError } from '../cohorts/cohort-error.ts';
import {
  type CohortApi,
  type CohortService,
  type CohortVerb,
  cohortVerbs,
  perform,
} from '../cohorts/index.ts';
import { type CohortErrorCode, cohortErrors } from '../errors/cohort-errors.ts';
import { parseJson } from '../vendor-http/exchange.ts';
import type { Leadership } from './leadership.ts';

const lease: LeaseName = 'cohorts';
const retryMs = 100;
const verbs = Object.keys(cohortVerbs) as CohortVerb[];

const requestSchema = z.object({ verb: z.enum(verbs), args: z.array(z.unknown()) });
/** An error code; one that only a newer release knows is an ordinary failure. */
const code = z.enum(Object.keys(cohortErrors) as CohortErrorCode[]).catch('cohort_storage');
const responseSchema = z.union([
  z.object({ moved: z.literal(true) }),
  z.object({ error: z.object({ code, detail: z.string() }) }),
  z.object({ result: z.unknown() }),
]);

export interface LeaderProxyOptions {
  readonly leadership: Pick<Leadership<CohortService>, 'current' | 'recheck'>;
  readonly replicas: Pick<Replicas, 'ask' | 'answer'> | undefined;
  readonly logger: Logger;
  readonly monotonic: () => number;
}

export function leaderProxy(options: LeaderProxyOptions): CohortApi {
  const { leadership, replicas } = options;
  replicas?.answer(lease, request => respond(request, options));
  const call = async (verb: CohortVerb, args: readonly unknown[]): Promise<unknown> => {
    const cohorts = await leadership.current();
    if (cohorts) return perform(cohorts, verb, args).catch(error => overtaken(error, options));
    if (!replicas) throw new CohortError('cohort_stopping');
    return forward({ verb, args }, options, replicas);
  };
  const api = verbs.map(verb => [verb, (...args: unknown[]) => call(verb, args)]);
  return Object.fromEntries(api) as CohortApi;
}

/**
 * Storage that refuses a write of one replica may accept it from another: that is no sign that storage is
 * unavailable.
 */
function overtaken(error: unknown, { leadership, replicas }: LeaderProxyOptions): never {
  if (!replicas || !(error instanceof StorageError) || error.code !== 'unavailable') throw error;
  leadership.recheck();
  throw new CohortError('cohort_replica_away', error.message);
}

async function forward(
  request: { verb: CohortVerb; args: readonly unknown[] },
  { leadership, monotonic }: LeaderProxyOptions,
  replicas: Pick<Replicas, 'ask' | 'answer'>,
): Promise<unknown> {
  const until = monotonic() + cohortVerbs[request.verb].timeoutMs;
  for (;;) {
    const text = await replicas
      .ask(lease, JSON.stringify(request), Math.max(1, until - monotonic()))
      .catch((cause: unknown) => {
        if (!(cause instanceof StorageError)) throw cause;
        throw new CohortError('cohort_replica_away', cause.message);
      });
    const response = readResponse(text, request.verb);
    if ('error' in response) throw CohortError.of(response.error);
    if ('result' in response) return response.result;
    // This replica may lead by now.
    await pause(retryMs, undefined, { ref: false });
    const cohorts = await leadership.current();
    if (cohorts) return perform(cohorts, request.verb, request.args);
  }
}

/** @throws CohortError where the answer is none that this release knows: the leader may be of another one */
function readResponse(text: string, verb: CohortVerb): z.output<typeof responseSchema> {
  const read = z.string().transform(parseJson).pipe(responseSchema).safeParse(text).data;
  if (read !== undefined && !('result' in read)) return read;
  const result = read && cohortVerbs[verb].result.safeParse(read.result);
  if (result?.success) return { result: result.data };
  throw new CohortError('cohort_replica_away', `its response to "${verb}" cannot be read`);
}

/** Never rejects: a failure is an answer, and is logged where it is a defect. */
async function respond(request: string, { leadership, logger }: LeaderProxyOptions): Promise<string> {
  const cohorts = await leadership.current();
  if (!cohorts) return JSON.stringify({ moved: true });
  try {
    const { verb, args } = requestSchema.parse(JSON.parse(request));
    const parsed = cohortVerbs[verb].args.parse(args);
    return JSON.stringify({ result: (await perform(cohorts, verb, parsed)) ?? null });
  } catch (error) {
    return JSON.stringify({ error: failureOf(error, logger) });
  }
}

function failureOf(error: unknown, logger: Logger): { code: CohortErrorCode; detail: string } {
  if (error instanceof CohortError) return { code: error.code, detail: error.detail };
  if (error instanceof StorageError) return { code: 'cohort_storage', detail: error.message };
  logger.error({ err: error }, 'a cohort request from another replica failed');
  return { code: 'cohort_storage', detail: 'the replica that runs the cohort syncs failed; see its log' };
}
