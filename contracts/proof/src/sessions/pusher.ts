import { setTimeout as wait } from 'node:timers/promises';
import { type Push, webhookPassword, webhookUser } from './push.ts';

const bodyBytes = 1_024;
const timeoutMs = 60_000;

/**
 * The sender of pages, in the role of Mixpanel: retries while the service is down, and checks every answer.
 */
export class Pusher {
  readonly problems: string[] = [];
  /** Number of pages by status. */
  readonly answers: Record<string, number> = {};
  /** Pages answered with 200, by cohort and session. */
  readonly taken = new Map<string, Set<number>>();
  readonly #address: () => string | undefined;

  constructor(address: () => string | undefined) {
    this.#address = address;
  }

  get pages(): number {
    return Object.values(this.answers).reduce((sum, count) => sum + count, 0);
  }

  /** Resolves to the status. @throws Error if there is no answer for a minute */
  async push(push: Push): Promise<number> {
    const { body, wrong, cohort, session, page } = push;
    const credentials = `${webhookUser}:${wrong?.password ?? webhookPassword}`;
    const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
    const init = { method: 'POST', body, headers: { authorization, 'content-type': 'application/json' } };
    const { status, text } = await this.#answer(init);
    this.answers[status] = (this.answers[status] ?? 0) + 1;
    const wanted = wrong === undefined ? [200, 429, 503] : [wrong.status, 503];
    if (!wanted.includes(status)) this.problems.push(`a page was answered ${status}: ${text.slice(0, 200)}`);
    if (Buffer.byteLength(text) >= bodyBytes)
      this.problems.push(`an answer ${status} of ${Buffer.byteLength(text)} bytes`);
    if (status === 200) {
      const pages = this.taken.get(`${cohort} ${session}`) ?? new Set();
      this.taken.set(`${cohort} ${session}`, pages.add(page));
    }
    return status;
  }

  /** Repeats a page until it is accepted, as Mixpanel does with its next sync. */
  async pushUntilTaken(push: Push): Promise<void> {
    const begun = performance.now();
    while ((await this.push(push)) !== 200) {
      if (performance.now() - begun > timeoutMs)
        throw new Error(`${push.session} was not taken in a minute.`);
      await wait(50);
    }
  }

  async #answer(init: RequestInit): Promise<{ status: number; text: string }> {
    const begun = performance.now();
    for (;;) {
      const url = this.#address();
      try {
        if (url === undefined) throw new Error('the service is down');
        const answer = await fetch(`${url}/webhooks/mixpanel/default`, init);
        return { status: answer.status, text: await answer.text() };
      } catch (error) {
        if (performance.now() - begun > timeoutMs) throw error;
        await wait(20);
      }
    }
  }
}
