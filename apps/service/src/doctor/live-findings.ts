import { z } from 'zod';
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

/** Findings of the running service by connection; or why they are not known. */
export type LiveFindings = Readonly<Record<string, readonly FindingJson[] | null>> | string;

const statusSchema = z.object({
  connections: z.record(z.string(), z.object({ findings: z.array(findingSchema).nullable() })),
});

/** Reads the findings of the service on this machine from its `/status`. */
export async function readLiveFindings(config: Config, ask: Ask): Promise<LiveFindings> {
  const token = readToken(config);
  const answer = await ask({
    url: new URL('/status', here(config)),
    method: 'GET',
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  const status = statusSchema.safeParse(parsed(answer));
  if (!status.success) return `the service on this machine cannot be read (${shown(answer)})`;
  return Object.fromEntries(
    Object.entries(status.data.connections).map(([name, { findings }]) => [name, findings]),
  );
}

/** One line where the findings of the running service are not known; nothing where they are. */
export function checkLiveFindings(live: LiveFindings): CheckResult[] {
  if (typeof live !== 'string') return [];
  return [
    skipped(
      'Findings of the running service',
      `Not known: ${live}. Refused credentials, a failing Current and events read back are seen by the running service alone.`,
      'Run doctor beside the running service, with its configuration.',
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
  const results = found.map(each => toResult(each, now));
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

/** Critical findings of now, or whose time has passed, are failures; all others are warnings. */
function toResult({ id, severity, deadline, message, next }: FindingJson, now: number): CheckResult {
  const passed = deadline === null || Date.parse(deadline) <= now;
  const about = Object.hasOwn(findingTitles, id) ? findingTitles[id as keyof typeof findingTitles] : id;
  return (severity === 'critical' && passed ? failure : warning)(about, message, next);
}
