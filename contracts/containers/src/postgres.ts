import { GenericContainer, Wait } from 'testcontainers';
import { inject } from 'vitest';
import { runLabel } from './leftovers.ts';
import type { SuiteNetwork } from './network.ts';

/** A PostgreSQL that is removed with the suite. */
export interface PostgresContainer extends AsyncDisposable {
  /** The STORAGE_URL for containers in the same network. */
  readonly inside: string;
}

const alias = 'postgres';
const user = 'service';
const password = 'not-a-secret';

/** Isolated: it can't be reached from outside the network, and writes only to its volume. */
export async function startPostgres(network: SuiteNetwork): Promise<PostgresContainer> {
  const started = await new GenericContainer(inject('postgres'))
    .withLabels({ [runLabel]: inject('run') })
    .withNetworkMode(network.name)
    .withNetworkAliases(alias)
    .withUser('postgres')
    .withEnvironment({ POSTGRES_USER: user, POSTGRES_PASSWORD: password, POSTGRES_DB: user })
    .withTmpFs({ '/tmp': '', '/var/run/postgresql': 'mode=1777' })
    .withDroppedCapabilities('ALL')
    .withSecurityOpt('no-new-privileges')
    .withWaitStrategy(Wait.forSuccessfulCommand(`pg_isready -h 127.0.0.1 -U ${user}`))
    .withStartupTimeout(60_000)
    .start();
  return {
    inside: `postgres://${user}:${password}@${alias}:5432/${user}`,
    [Symbol.asyncDispose]: async () => {
      await started.stop({ timeout: 0, removeVolumes: true });
    },
  };
}
