import * as z from 'zod';
import {
  type ClockReading,
  clockReadingSchema,
  type FollowerAnswer,
  type FollowerPost,
  followerAnswerSchema,
} from './protocol.ts';

const refusalSchema = z.object({ error: z.string() });

/**
 * The `/_sim/clock` of another process. Its methods reject with the sentence of a refusal, and when `signal`
 * aborts.
 */
export class LeaderClient {
  readonly address: string;
  readonly #fetch: typeof fetch;
  readonly #signal: AbortSignal;

  constructor(address: string, fetcher: typeof fetch, signal: AbortSignal) {
    this.address = address;
    this.#fetch = fetcher;
    this.#signal = signal;
  }

  async reading(): Promise<ClockReading> {
    return clockReadingSchema.parse(await this.#ask(this.address));
  }

  /** @param command the body of `POST /_sim/clock`. Resolves when the work due by then is done. */
  async change(command: Readonly<Record<string, unknown>>): Promise<ClockReading> {
    return clockReadingSchema.parse(await this.#ask(this.address, command));
  }

  async follow(post: FollowerPost, signal?: AbortSignal): Promise<FollowerAnswer> {
    return followerAnswerSchema.parse(await this.#ask(`${this.address}/follow`, post, signal));
  }

  async #ask(url: string, body?: unknown, signal?: AbortSignal): Promise<unknown> {
    const response = await this.#fetch(url, {
      ...(body !== undefined && {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
      signal: signal ? AbortSignal.any([this.#signal, signal]) : this.#signal,
    });
    const answer: unknown = await response.json();
    if (response.ok) return answer;
    const refusal = refusalSchema.safeParse(answer);
    throw new Error(refusal.success ? refusal.data.error : `${url} returned ${response.status}.`);
  }
}

/** The message of an error, and that of its cause, in which `fetch` gives the reason. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
