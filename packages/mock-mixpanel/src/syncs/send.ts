import { post } from '@braze-mixpanel/simulator-kit';
import type { Destination, OutgoingRequest, SendOutcome, Verdict } from './destination.ts';

export interface SendOptions {
  readonly fetch: typeof fetch;
  /** Waits real time; rejects when the signal is aborted. */
  readonly delay: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
  /** Real milliseconds over which the retries are spread. */
  readonly retryWithin: () => number;
  /** Time limit for an answer, in real milliseconds. */
  readonly answerWithin: number;
  readonly signal: AbortSignal;
}

export type Send = (request: OutgoingRequest) => Promise<SendOutcome & { readonly retries: number }>;

/** The delays of five retries, each twice the previous one: 2, 4, 8, 15 and 31 seconds of a minute. */
const backoff = [2, 4, 8, 15, 31].map(seconds => seconds / 60);

/**
 * Sends one request, with retries. The delays are real time, and the simulated clock does not advance
 * meanwhile.
 */
export function createSend(destination: Destination, options: SendOptions): Send {
  return async request => {
    for (let retries = 0; ; retries++) {
      const verdict = await attempt(destination, request, options);
      if (verdict.kind === 'taken') return { kind: 'taken', retries };
      const why = withoutSecrets(verdict.why, destination.secrets).slice(0, 300);
      const share = backoff[retries];
      const { status } = verdict;
      const answered = { retries, ...(status !== undefined && { status }) };
      if (verdict.kind !== 'retry') return { kind: verdict.kind, why, ...answered };
      if (share === undefined)
        return { kind: 'failed', why: `${why} (after ${retries} retries)`, ...answered };
      try {
        await options.delay(Math.round(share * options.retryWithin()), options.signal);
      } catch {
        return { kind: 'failed', why: 'the simulator was stopped', retries };
      }
    }
  };
}

async function attempt(
  destination: Destination,
  { url, headers, body }: OutgoingRequest,
  options: SendOptions,
): Promise<Verdict> {
  const request = {
    url,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
  const answer = await post(options.fetch, request, options.answerWithin, options.signal);
  if ('status' in answer) return destination.judge(answer);
  if (options.signal.aborted) return { kind: 'failed', why: 'the simulator was stopped' };
  return { kind: 'retry', why: `the destination could not be reached: ${answer.error}` };
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter(secret => secret !== '')
    .reduce((kept, secret) => kept.replaceAll(secret, '[cut]'), text);
}
