import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import type { Config } from '../config/config.ts';
import { Secret } from '../secrets/secret.ts';
import { startService } from '../service/start-service.ts';
import { type AdminClient, adminClient } from './admin-client.ts';
import { configured } from './configured.ts';

/** A service in this process, for the time of one command. */
export interface ServiceAlone extends AsyncDisposable {
  readonly client: AdminClient;
}

/**
 * Starts the service in this process, without syncs of cohorts and on an address that only this process
 * knows, for a command that needs one while none runs. It delivers what is pending.
 *
 * @throws ConfigRefused, or StorageError if another process uses the storage
 */
export async function alone(): Promise<ServiceAlone> {
  const config = await configured('Nothing was started.');
  const token = new Secret(randomUUID());
  const service = await startService(
    {
      ...config,
      port: 0,
      host: '127.0.0.1',
      access: { operators: [token], viewers: [] },
      connections: withoutCohorts(config),
    },
    { logger: pino({ level: 'warn', base: null }, pino.destination(2)) },
  );
  return {
    client: adminClient({ url: service.url, token: token.reveal() }),
    [Symbol.asyncDispose]: () => service.close(),
  };
}

const withoutCohorts = ({ connections }: Config): Config['connections'] =>
  connections.map(each => ({ ...each, cohorts: { ...each.cohorts, entries: [] } }));
