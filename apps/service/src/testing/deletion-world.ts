import { startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { mockMixpanelClient } from '@braze-mixpanel/mock-mixpanel/client';
import type { z } from 'zod';
import type { privacyEndpoints } from '../http/privacy-routes.ts';
import type { Receipt } from '../privacy/receipts.ts';
import type { ServiceDependencies } from '../service/dependencies.ts';
import { ManualClock } from './manual-clock.ts';
import { asOperator, RunningService } from './running-service.ts';

const start = Date.parse('2026-03-01T12:30:00Z');
export const dayMs = 86_400_000;

type ForgetAnswer = z.output<typeof privacyEndpoints.forget.answer>;

/** Mock Mixpanel and services on its clock. */
export class DeletionWorld implements AsyncDisposable {
  readonly clock = new ManualClock(start);
  readonly mixpanel;
  readonly settings: Record<string, string>;
  readonly #simulator: Awaited<ReturnType<typeof startMockMixpanel>>;

  private constructor(simulator: Awaited<ReturnType<typeof startMockMixpanel>>) {
    this.#simulator = simulator;
    this.mixpanel = mockMixpanelClient(simulator.url);
    this.settings = {
      ...{ MIXPANEL_API_URL: simulator.url, MIXPANEL_QUERY_URL: simulator.url },
      ...{ MIXPANEL_TOKEN: 'mixpanel-token', MIXPANEL_OAUTH_TOKEN: 'mixpanel-oauth-token' },
    };
  }

  static async begin(): Promise<DeletionWorld> {
    const simulator = await startMockMixpanel();
    await simulator.clock.set(start);
    simulator.clock.freeze();
    return new DeletionWorld(simulator);
  }

  serve(environment: Record<string, string> = {}, given: Partial<ServiceDependencies> = {}) {
    return RunningService.start({ ...this.settings, ...environment }, { clock: this.clock, ...given });
  }

  /** Moves the clock of Mixpanel and that of the services, a day at a time. */
  async advance(milliseconds: number): Promise<void> {
    for (let left = milliseconds; left > 0; left -= dayMs) {
      const step = Math.min(left, dayMs);
      await this.#simulator.clock.set(this.clock.now() + step);
      await this.clock.advance(step);
    }
  }

  /** The tasks that Mixpanel has. */
  tasks = () => this.mixpanel.request('GET data-deletions');

  /** Moves the newest task to a state. */
  async enter(status: 'SUCCESS' | 'FAILURE' | 'REVOKED' | 'NOT_FOUND' | 'UNKNOWN'): Promise<void> {
    const id = (await this.tasks()).at(-1)?.id ?? '';
    await this.mixpanel.request('PUT data-deletions/:id', { params: { id }, body: { status } });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#simulator[Symbol.asyncDispose]();
  }
}

const post = (service: RunningService, path: string, body: object) =>
  fetch(`${service.service.url}/api/${path}`, {
    method: 'POST',
    headers: asOperator,
    body: JSON.stringify(body),
  });

export const forgetVendors = async (service: RunningService, externalId: string, more: object = {}) => {
  const answer = await post(service, 'forget', { externalId, confirm: true, vendors: true, ...more });
  return (await answer.json()) as ForgetAnswer;
};

export const liftUser = async (service: RunningService, externalId: string) =>
  (await (await post(service, 'forget/lift', { externalId })).json()) as z.output<
    typeof privacyEndpoints.lift.answer
  >;

export const receiptOfUser = async (service: RunningService, externalId: string) =>
  (await (await post(service, 'forget/receipt', { externalId })).json()) as Receipt;
