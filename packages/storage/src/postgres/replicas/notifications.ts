import { Client } from 'pg';
import { z } from 'zod';
import type { PostgresAddress } from '../server/address.ts';
import { connectionConfig, type Queryable } from '../server/database.ts';

/** Notifications between replicas. */
const noticeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('batches'), connection: z.string() }),
  z.object({ kind: z.literal('free'), lease: z.enum(['cohorts', 'sweep', 'backfill']) }),
  z.object({ kind: z.literal('question'), lease: z.enum(['cohorts', 'sweep', 'backfill']) }),
  z.object({ kind: z.literal('answer'), question: z.string() }),
]);
export type Notice = z.infer<typeof noticeSchema>;

const channel = 'braze_mixpanel_replicas';
const reconnectMs = 1_000;
/** Detects a connection that was cut silently. */
const heartbeatMs = 15_000;
const heartbeatTimeoutMs = 5_000;

export interface NotificationOptions {
  readonly address: PostgresAddress;
  readonly connectMs: number;
  readonly database: Queryable;
  /** This replica's name. It does not receive its own notifications. */
  readonly replica: string;
}

/**
 * Notifications by LISTEN and NOTIFY, over a connection of their own that is re-established when it breaks.
 * Notifications sent meanwhile are lost; those of a newer release are ignored.
 */
export class NotificationChannel {
  readonly #options: NotificationOptions;
  readonly #listeners = new Set<(notice: Notice) => void>();
  #client: Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: NotificationOptions) {
    this.#options = options;
  }

  /** Resolves when it receives notifications, or when the first attempt failed; then it keeps trying. */
  async open(): Promise<void> {
    if (this.#closed) return;
    const { address, connectMs, replica } = this.#options;
    const client = new Client({ ...connectionConfig(address, connectMs), query_timeout: heartbeatTimeoutMs });
    this.#client = client;
    client.on('error', () => this.#reopen(client));
    client.on('end', () => this.#reopen(client));
    client.on('notification', ({ payload = '' }) => {
      const [from, text] = [payload.slice(0, replica.length), payload.slice(replica.length)];
      if (from !== replica) this.#hear(text);
    });
    try {
      await client.connect();
      await client.query(`LISTEN ${channel}`);
      this.#beat(client);
    } catch {
      this.#reopen(client);
    }
  }

  on(listener: (notice: Notice) => void): void {
    this.#listeners.add(listener);
  }

  /** Notifies the other replicas. Delivery is not guaranteed. */
  async tell(notice: Notice): Promise<void> {
    const { database, replica } = this.#options;
    await database.query('SELECT pg_notify($1, $2)', [channel, replica + JSON.stringify(notice)]);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#client?.end().catch(() => undefined);
  }

  #hear(text: string): void {
    const notice = noticeSchema.safeParse(jsonOf(text));
    if (notice.success) for (const listener of this.#listeners) listener(notice.data);
  }

  #beat(client: Client): void {
    if (client !== this.#client || this.#closed) return;
    this.#timer = setTimeout(() => {
      client.query('SELECT 1').then(
        () => this.#beat(client),
        () => this.#reopen(client),
      );
    }, heartbeatMs).unref();
  }

  #reopen(client: Client): void {
    if (client !== this.#client || this.#closed) return;
    this.#client = undefined;
    clearTimeout(this.#timer);
    client.end().catch(() => undefined);
    this.#timer = setTimeout(() => void this.open(), reconnectMs).unref();
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
