import { mixpanelHosts } from '@braze-mixpanel/core/mixpanel';
import type { Config } from '../config/config.ts';
import { withoutSecretsOf } from '../secrets/without-secrets.ts';
import { asking, type ClockReading, readingClocks } from './ask.ts';
import { checkBraze } from './braze-checks.ts';
import { checkCohorts } from './cohort-checks.ts';
import { type Finding, warning } from './finding.ts';
import { checkExport, checkImport, checkQuery, type Regions } from './mixpanel-checks.ts';
import { checkClock, checkPlaceholderIds, checkPublicUrl, checkRunning } from './service-checks.ts';
import { checkStorage } from './storage-checks.ts';

export interface DoctorDependencies {
  readonly fetch: typeof fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Of the disk that a folder is on; asks the file system when not given. */
  readonly freeBytes?: (folder: string) => Promise<number>;
  /** Mixpanel's own hosts; a test has others. */
  readonly regions?: Regions;
}

/**
 * Checks a configuration against the vendors it names: keys and what they may do, region, clock, public address, cohorts, storage. It writes
 * nothing anywhere, neither here nor at a vendor; see each check for how. Only configured hosts are asked, and, where credentials are
 * refused, Mixpanel's other regions. No finding holds a secret.
 */
export async function doctor(config: Config, dependencies: DoctorDependencies): Promise<Finding[]> {
  const { fetch, now, freeBytes, regions = mixpanelHosts } = dependencies;
  const withoutSecrets = withoutSecretsOf(config);
  const clocks: ClockReading[] = [];
  const { timeoutMs } = config.delivery;
  const reading = readingClocks({ fetch, now }, clock => clocks.push(clock));
  const ask = asking({ fetch: reading, timeoutMs, now, withoutSecrets });
  // Our own clock needs no comparison with itself.
  const askHere = asking({ fetch, timeoutMs, now, withoutSecrets });

  const findings: Finding[] = [
    ...config.warnings.map(each => warning('Configuration', each)),
    await checkStorage(config.storageUrl, freeBytes),
    await checkRunning(config, askHere),
    ...(await checkPlaceholderIds(config, askHere)),
  ];
  for (const connection of config.connections) {
    const { name, mixpanel, braze } = connection;
    const query = await checkQuery(mixpanel, ask, regions);
    const own = [
      await checkImport(mixpanel, ask, regions),
      query.finding,
      await checkExport(mixpanel, ask, now()),
      ...(await checkBraze(braze, ask)),
      ...(await checkCohorts(connection, query.cohorts, ask)),
      ...(await checkPublicUrl(config.publicUrl, connection, askHere)),
    ];
    for (const each of own) findings.push({ connection: name, ...each });
  }
  return [...findings, checkClock(clocks)];
}
