import { randomUUID } from 'node:crypto';
import { StorageError } from '@braze-mixpanel/storage';
import { pino } from 'pino';
import { z } from 'zod';
import type { Config, ConnectionConfig } from '../config/config.ts';
import { Secret } from '../secrets/secret.ts';
import { parseJson } from '../vendor-http/exchange.ts';
import { type AdminClient, adminClient } from './admin-client.ts';
import { AdminError } from './admin-error.ts';
import { configured } from './configured.ts';
import { asCell, paragraph } from './terminal.ts';

/** A service in this process, for the time of one command. */
export interface ServiceAlone extends AsyncDisposable {
  readonly client: AdminClient;
}

/** What {@link alone} needs of a command. */
export interface AloneOptions {
  /** Called with the configuration before anything is started; what it throws ends the command. */
  readonly check: (config: Config) => Promise<unknown>;
  /** Writes a line of the log, as text for a terminal. */
  readonly log: (line: string) => void;
}

/**
 * Starts the service in this process, without syncs of cohorts, on an address and with tokens that only this
 * process knows, for a command that needs one while none runs. It delivers what is pending.
 *
 * @throws ConfigRefused, StorageError, or AdminError if another process uses the storage
 */
export async function alone({ check, log }: AloneOptions): Promise<ServiceAlone> {
  const config = await configured('Nothing was started.');
  await check(config);
  // Most commands need no service of their own, and start without it.
  const { startService } = await import('../service/start-service.ts');
  const token = new Secret(randomUUID());
  const service = await startService(
    {
      ...config,
      port: 0,
      host: '127.0.0.1',
      access: { operators: [token], viewers: [] },
      warnings: config.warnings.filter(({ setting }) => !isOfTokens(setting)),
      connections: config.connections.map(each => closed(each, token)),
    },
    { logger: pino({ level: 'warn', base: null }, { write: line => log(logText(line)) }) },
  ).catch(error => {
    throw error instanceof StorageError && error.code === 'locked' ? inUse(error) : error;
  });
  return {
    client: adminClient({ url: service.url, token: token.reveal() }),
    [Symbol.asyncDispose]: () => service.close(),
  };
}

const inUse = ({ message }: StorageError): AdminError =>
  new AdminError(`${message} If it is the service, name its address with --url, or with HOST and PORT.`);

const logSchema = z.looseObject({
  level: z.int(),
  msg: z.string(),
  err: z.object({ message: z.string() }).optional(),
});

/** A line of the log as a paragraph: its level and message, the message of an error, and what else it has. */
export function logText(line: string): string {
  const entry = logSchema.safeParse(parseJson(line));
  if (!entry.success) return line;
  const { level, msg, err, time: _, ...rest } = entry.data;
  const text = err === undefined || msg.includes(err.message) ? msg : `${msg}: ${err.message}`;
  const facts = Object.entries(rest).map(([name, value]) => `${name}: ${asCell(value)}`);
  const more = facts.length === 0 ? '' : ` (${facts.join(', ')})`;
  return `${paragraph(`${pino.levels.labels[level] ?? 'log'}: ${text}${more}`)}\n`;
}

/** Whether a setting, of any connection, is a token that this service replaces. */
const isOfTokens = (setting: string): boolean => /(^|\.)(CURRENTS|ADMIN|VIEWER)_TOKEN$/i.test(setting);

/** A connection without cohorts, which accepts events only with this token. */
const closed = (connection: ConnectionConfig, token: Secret): ConnectionConfig => ({
  ...connection,
  currents: { ...connection.currents, tokens: [token] },
  cohorts: { ...connection.cohorts, entries: [] },
});
