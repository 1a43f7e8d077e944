import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { vi } from 'vitest';
import { readConfig } from '../config/read-config.ts';
import type { ConnectionStatus, ServiceStatus } from '../observability/status.ts';
import type { ServiceDependencies } from '../service/dependencies.ts';
import { type Service, startService } from '../service/start-service.ts';

const currentsToken = 'test-currents-token';
const adminToken = 'test-admin-token';

/** Headers of an operator. */
export const asOperator = { authorization: `Bearer ${adminToken}` };

export interface DeadLetterAnswer {
  deadLetters: {
    id: number;
    connection: string;
    reason: string;
    detail: string;
    eventType: string | null;
    insertId: string | null;
    original: unknown;
    mapped: unknown;
    receivedAt: string;
    diedAt: string;
  }[];
  counts: Record<string, number>;
}

/**
 * A service on a free port with a SQLite file of its own and quick retries, with the calls that tests need.
 */
export class RunningService implements AsyncDisposable {
  readonly service: Service;
  readonly #folder: string;
  readonly #environment: Record<string, string>;

  private constructor(service: Service, folder: string, environment: Record<string, string>) {
    this.service = service;
    this.#folder = folder;
    this.#environment = environment;
  }

  static async start(
    environment: Record<string, string>,
    dependencies: Partial<ServiceDependencies> = {},
  ): Promise<RunningService> {
    const folder = await mkdtemp(join(tmpdir(), 'service-test-'));
    const whole = {
      PORT: '0',
      STORAGE_URL: `sqlite:${join(folder, 'service.db')}`,
      CURRENTS_TOKEN: currentsToken,
      ADMIN_TOKEN: adminToken,
      MIXPANEL_TOKEN: 'test-project-token',
      DELIVERY_RETRY_BASE: '5ms',
      DELIVERY_RETRY_MAX: '20ms',
      DELIVERY_PARK: '20ms',
      SHUTDOWN_GRACE: '2s',
      ...environment,
    };
    const config = readConfig({ environment: whole });
    const logger = pino({ level: 'silent' });
    return new RunningService(await startService(config, { logger, ...dependencies }), folder, whole);
  }

  /**
   * Reloads the service's configuration: its files, and its environment with `changes`. Resolves to whether
   * it was applied.
   */
  reload(changes: Record<string, string | undefined> = {}): Promise<boolean> {
    return this.service.reload(() => readConfig({ environment: { ...this.#environment, ...changes } }));
  }

  /** Posts a body as Braze does; anything but text and bytes is sent as JSON. */
  post(
    body: unknown,
    options: { path?: string; headers?: Record<string, string>; signal?: AbortSignal } = {},
  ) {
    const { path = '/currents', headers = {}, signal } = options;
    const raw = typeof body === 'string' || body instanceof Uint8Array;
    return fetch(this.service.url + path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'braze-currents-version': '1',
        authorization: `Bearer ${currentsToken}`,
        ...headers,
      },
      body: raw ? new Blob([body]) : JSON.stringify(body),
      ...(signal && { signal }),
    });
  }

  /** Reads as an operator, unless other headers are given. */
  get(path: string, headers: Record<string, string> = asOperator): Promise<Response> {
    return fetch(this.service.url + path, { headers });
  }

  async status(): Promise<ServiceStatus> {
    return (await (await this.get('/status')).json()) as ServiceStatus;
  }

  async connection(name = 'default'): Promise<ConnectionStatus> {
    const status = (await this.status()).connections[name];
    if (status === undefined) throw new Error(`/status names no connection ${name}.`);
    return status;
  }

  async deadLetters(query = ''): Promise<DeadLetterAnswer> {
    return (await (await this.get(`/api/dead-letters${query}`)).json()) as DeadLetterAnswer;
  }

  /** Waits until a connection's status fulfils a condition. */
  until(wanted: (status: ConnectionStatus) => boolean, name = 'default'): Promise<ConnectionStatus> {
    return vi.waitFor(
      async () => {
        const status = await this.connection(name);
        if (!wanted(status)) throw new Error(`Still waiting; the status is ${JSON.stringify(status)}.`);
        return status;
      },
      { timeout: 10_000, interval: 10 },
    );
  }

  /** Waits until nothing is pending any more. */
  settled(name = 'default'): Promise<ConnectionStatus> {
    return this.until(({ pending }) => pending.events === 0, name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.service.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
