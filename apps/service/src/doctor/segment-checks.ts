import { type DriftJson, noKey, notTracked, readSegmentSize } from '../cohorts/index.ts';
import type { ConnectionConfig } from '../config/config.ts';
import { AnalyticsBudget, analyticsClient, NotRead } from '../vendor-http/braze-analytics.ts';
import type { VendorOptions } from '../vendor-http/exchange.ts';
import { type CheckResult, failure, ok, skipped, warning } from './check-result.ts';
import type { LiveSyncs } from './live-findings.ts';

/** Limit of segments that are read per connection, one request each. */
const mostSegments = 50;

interface Reading {
  readonly vendor: VendorOptions;
  readonly withoutSecrets: (text: string) => string;
}

/**
 * Reads the size of each segment in `COHORT_SEGMENTS`, and shows the last comparison with the members of its cohort:
 * the running service alone knows these.
 */
export async function checkSegments(
  { name, braze, cohorts }: Pick<ConnectionConfig, 'name' | 'braze' | 'cohorts'>,
  live: LiveSyncs,
  { vendor, withoutSecrets }: Reading,
): Promise<CheckResult[]> {
  const segments = Object.entries(cohorts.segments);
  if (segments.length === 0)
    return [
      skipped(
        'Segments of cohorts',
        'COHORT_SEGMENTS is not set, so it is not known whether Braze has users in cohorts who are no members in Mixpanel.',
      ),
    ];
  const { restUrl, analyticsKey } = braze;
  if (restUrl === undefined || analyticsKey === undefined)
    return [failure('Segments of cohorts', `Not known: ${noKey}`, 'Set both, or remove COHORT_SEGMENTS.')];
  const read = analyticsClient({
    ...{ restUrl, key: analyticsKey, vendor, withoutSecrets },
    budget: new AnalyticsBudget(),
  });
  const results: CheckResult[] = [];
  for (const [cohort, segment] of segments.slice(0, mostSegments)) {
    const about = `Segment of cohort ${cohort}`;
    results.push(
      await readSegmentSize(segment, read).then(
        found => sizeKnown(about, found, lastComparison(name, cohort, live)),
        (error: unknown) => notRead(about, error),
      ),
    );
  }
  const left = segments.length - mostSegments;
  return left > 0
    ? [...results, skipped('Segments of cohorts', `${left} more were not read, to save requests to Braze.`)]
    : results;
}

function notRead(about: string, error: unknown): CheckResult {
  if (!(error instanceof NotRead)) throw error;
  const message = `Not known: ${error.message}`;
  if (error.isTransient || error.retryAt !== undefined) return warning(about, message, 'Try again later.');
  return failure(
    about,
    message,
    error.isUnknown
      ? 'Correct COHORT_SEGMENTS: the API identifier is in Braze, at the end of the page of the segment.'
      : 'Check BRAZE_ANALYTICS_KEY and its permissions in Braze, under Settings → APIs and Identifiers.',
  );
}

function sizeKnown(
  about: string,
  found: Awaited<ReturnType<typeof readSegmentSize>>,
  { message, isKnown }: Comparison,
): CheckResult {
  if (found === undefined)
    return warning(about, `Not known: ${notTracked}`, 'Turn it on in Braze, in the settings of the segment.');
  const read = `About ${counted(found.size, 'user', 'users')} on ${found.day}, by Braze's estimate. ${message}`;
  return isKnown ? ok(about, read) : warning(about, read, 'The next comparison is at 04:00 UTC.');
}

interface Comparison {
  readonly message: string;
  /** Whether it succeeded; a comparison that is not due yet does not fail. */
  readonly isKnown: boolean;
}

/** The last comparison by the running service, or why there is none. */
function lastComparison(connection: string, cohort: string, live: LiveSyncs): Comparison {
  const none = (why: string, isKnown: boolean) => ({
    message: `Not compared with the members: ${why}`,
    isKnown,
  });
  if (typeof live === 'string') return none(`${live}.`, true);
  const sync = live[connection]?.find(each => each.cohort === cohort);
  if (sync === undefined) return none('the service on this machine has no sync of the cohort.', false);
  const { drift } = sync;
  if (drift === null) return none('the service does so at 04:00 UTC, and did not yet.', true);
  return drift.difference === null
    ? none(String(drift.why), false)
    : { message: compared(drift), isKnown: true };
}

function compared({ checkedAt, size, accepted, difference }: DriftJson): string {
  const by = difference === 0 ? 'no difference' : `a difference of ${difference}`;
  return `Compared at ${checkedAt}: ${counted(size ?? 0, 'user', 'users')} and ${counted(accepted ?? 0, 'accepted member', 'accepted members')}, ${by}.`;
}

const counted = (count: number, one: string, several: string) => `${count} ${count === 1 ? one : several}`;
