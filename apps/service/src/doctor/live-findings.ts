import { z } from 'zod';
import { type DriftJson, driftSchema } from '../cohorts/index.ts';
import type { Config, ConnectionConfig } from '../config/config.ts';
import {
  type FindingJson,
  findingJson,
  findingSchema,
  findingTitles,
} from '../observability/findings/finding.ts';
import { findingsOf } from '../observability/findings/findings.ts';
import { type Ask, parsed, shown } from './ask.ts';
import { type CheckResult, failure, ok, skipped, warning } from './check-result.ts';
import { here, readToken } from './service-checks.ts';

/** By connection; or why it is not known. */
type Live<T> = Readonly<Record<string, T>> | string;
/** Findings of the running service. */
export type LiveFindings = Live<readonly FindingJson[] | null>;
/** Cohort syncs of the running service. */
export type LiveSyncs = Live<readonly { readonly cohort: string; readonly drift: DriftJson | null }[]>;

const statusSchema = z.object({
  connections: z.record(
    z.string(),
    z.object({
      findings: z.array(findingSchema).nullable(),
      cohorts: z.array(z.object({ cohort: z.string(), drift: driftSchema.nullable() })),
    }),
  ),
});

/** Reads the findings and the syncs of the service on this machine from its `/status`. */
export async function readLive(
  config: Config,
  ask: Ask,
): Promise<{ readonly findings: LiveFindings; readonly syncs: LiveSyncs }> {
  const token = readToken(config);
  const answer = await ask({
    url: new URL('/status', here(config)),
    method: 'GET',
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  const status = statusSchema.safeParse(parsed(answer));
  if (!status.success) {
    const why = `the service on this machine cannot be read (${shown(answer)})`;
    return { findings: why, syncs: why };
  }
  const entries = Object.entries(status.data.connections);
  return {
    findings: Object.fromEntries(entries.map(([name, { findings }]) => [name, findings])),
    syncs: Object.fromEntries(entries.map(([name, { cohorts }]) => [name, cohorts])),
  };
}

/** One line where the findings of the running service are not known; nothing where they are. */
export function checkLiveFindings(live: LiveFindings): CheckResult[] {
  if (typeof live !== 'string') return [];
  return [
    skipped(
      'Findings of the running service',
      `Not known: ${live}. Refused credentials, a failing Current and events read back are seen by the running service alone.`,
      'Use this command on the machine of the running service, with its configuration.',
    ),
  ];
}

/**
 * The findings of a connection in the words of `/status`: those of its configuration, and those that the running
 * service has.
 */
export function checkFindings(
  { name, mixpanel }: Pick<ConnectionConfig, 'name' | 'mixpanel'>,
  live: LiveFindings,
  now: number,
): CheckResult[] {
  const running = typeof live === 'string' ? undefined : live[name];
  const readBack = running?.every(({ id }) => id !== 'project_host') === true;
  const configured = findingsOf({ mixpanel, readBack }, now).map(findingJson);
  const known = new Set(configured.map(({ id }) => id));
  const found = [...configured, ...(running ?? []).filter(({ id }) => !known.has(id))];
  const results = found.filter(isNotShownElsewhere).map(each => toResult(each, now));
  if (typeof live === 'string') return results;
  if (running === undefined || running === null)
    return [
      ...results,
      skipped(
        'Findings of the running service',
        'Not known: the service on this machine does not run this connection.',
        'Restart or reload the service with this configuration.',
      ),
    ];
  return found.some(({ id }) => id === 'placeholder_ids')
    ? results
    : [...results, ok(findingTitles.placeholder_ids, 'No placeholder values so far.')];
}

/** `checkSegments` says of each segment why it could not be compared. */
const isNotShownElsewhere = ({ id, severity }: FindingJson): boolean =>
  id !== 'cohort_drift' || severity !== 'unverified';

/** Critical findings of now, or whose time has passed, are failures; all others are warnings. */
function toResult({ id, severity, deadline, message, next }: FindingJson, now: number): CheckResult {
  const passed = deadline === null || Date.parse(deadline) <= now;
  const about = Object.hasOwn(findingTitles, id) ? findingTitles[id as keyof typeof findingTitles] : id;
  return (severity === 'critical' && passed ? failure : warning)(about, message, next);
}
