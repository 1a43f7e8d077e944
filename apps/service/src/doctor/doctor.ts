import { mixpanelHosts } from '@braze-mixpanel/core/mixpanel';
import { type FileSource, openSource as openRealSource } from '@braze-mixpanel/currents-files';
import type { Config } from '../config/config.ts';
import { faultText } from '../config/fault-text.ts';
import { withoutSecretsOf } from '../secrets/without-secrets.ts';
import { checkAccountExpiry } from './account-expiry.ts';
import { asking, type ClockReading, readingClocks } from './ask.ts';
import { checkBraze } from './braze-checks.ts';
import { type CheckResult, warning } from './check-result.ts';
import { checkCohorts } from './cohort-checks.ts';
import { checkCollect } from './collect-checks.ts';
import { checkDeletions } from './deletion-checks.ts';
import { checkIdentity, readIdReports } from './identity-checks.ts';
import { checkFindings, checkLiveFindings, readLive } from './live-findings.ts';
import { checkLookupTables } from './lookup-table-checks.ts';
import { checkExport, checkImport, checkQuery, type Regions } from './mixpanel-checks.ts';
import { checkReconcile } from './reconcile-checks.ts';
import { checkSegments } from './segment-checks.ts';
import { checkClock, checkPublicUrl, checkRunning } from './service-checks.ts';
import { checkStorage } from './storage-checks.ts';

export interface DoctorDependencies {
  readonly fetch: typeof fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Free bytes on the disk of a folder; reads the file system by default. */
  readonly freeBytes?: (folder: string) => Promise<number>;
  /** Opens the files of COLLECT; a test passes its own. */
  readonly openSource?: (address: string) => Promise<FileSource>;
  /** Hosts of Mixpanel by region; replaced in tests. */
  readonly regions?: Regions;
}

/**
 * Checks a configuration against its vendors: keys and their permissions, region, clock, public address,
 * counts of Braze, deletions, cohorts and their segments, lookup tables, collected files, storage. Read-only, here and
 * at the vendors. It sends requests only to configured hosts and, if credentials are rejected, to the other regions of
 * Mixpanel. Findings contain no secrets.
 */
export async function doctor(config: Config, dependencies: DoctorDependencies): Promise<CheckResult[]> {
  const { fetch, now, freeBytes, openSource = openRealSource, regions = mixpanelHosts } = dependencies;
  const withoutSecrets = withoutSecretsOf(config);
  const clocks: ClockReading[] = [];
  const { timeoutMs } = config.delivery;
  const reading = readingClocks({ fetch, now }, clock => clocks.push(clock));
  const ask = asking({ fetch: reading, timeoutMs, now, withoutSecrets });
  // No clock check of this machine against itself.
  const askHere = asking({ fetch, timeoutMs, now, withoutSecrets });

  const live = await readLive(config, askHere);
  const findings: CheckResult[] = [
    ...config.warnings.map(each => warning('Configuration', faultText(each))),
    await checkStorage(config.storageUrl, freeBytes),
    await checkRunning(config, askHere),
    ...checkLiveFindings(live.findings),
  ];
  const idReports = await readIdReports(config, askHere);
  for (const connection of config.connections) {
    const { name, mixpanel, braze } = connection;
    const query = await checkQuery(mixpanel, ask, regions);
    const own = [
      await checkImport(mixpanel, ask, regions),
      query.finding,
      await checkExport(mixpanel, ask, now()),
      ...(await checkAccountExpiry(mixpanel, ask)),
      await checkDeletions(connection, ask),
      ...(await checkBraze(braze, ask)),
      ...(await checkReconcile(braze, ask)),
      ...(await checkCohorts(connection, query.cohorts, ask)),
      ...(await checkSegments(connection, live.syncs, {
        vendor: { fetch: reading, timeoutMs, now },
        withoutSecrets,
      })),
      ...(await checkLookupTables(connection, ask)),
      ...(await checkIdentity(connection, idReports, ask)),
      ...checkFindings(connection, live.findings, now()),
      ...(await checkCollect(connection, openSource)),
      ...(await checkPublicUrl(config.publicUrl, connection, askHere)),
    ];
    for (const each of own) findings.push({ connection: name, ...each });
  }
  return [...findings, checkClock(clocks, config.clockUrl)];
}
