import { acceptedMembers } from '@braze-mixpanel/core/cohorts';
import { z } from 'zod';
import { NotRead, type ReadAnalytics } from '../../vendor-http/braze-analytics.ts';
import type { SyncRecord } from '../syncs/sync-record.ts';
import type { Drift } from './drift.ts';

const seriesSchema = z.object({ data: z.array(z.object({ time: z.string(), size: z.int().min(0) })) });

/** Braze's estimate of the size of a segment, and the day that it is of. */
interface SegmentSize {
  readonly size: number;
  /** In the time zone of the Braze company. */
  readonly day: string;
}

/**
 * The newest size of a segment, by one request. Braze exports the users of a segment only into files; this API has
 * their estimated number per day, where analytics tracking is on for the segment: `undefined` where it is off.
 * Source: https://www.braze.com/docs/api/endpoints/export/segments/get_segment_analytics/
 *
 * @throws NotRead
 */
export async function readSegmentSize(
  segment: string,
  read: ReadAnalytics,
): Promise<SegmentSize | undefined> {
  const { data } = await read('/segments/data_series', { segment_id: segment, length: 1 }, seriesSchema);
  const last = data.at(-1);
  return last && { size: last.size, day: last.time.slice(0, 10) };
}

export const noKey = 'BRAZE_REST_URL and BRAZE_ANALYTICS_KEY are not both set.';
export const notTracked = 'Braze has no size of the segment: turn analytics tracking on for it.';

/**
 * One check: the size of the segment that stands for the cohort, compared with the members that Braze accepted.
 *
 * @param read `undefined` without a key
 * @param now milliseconds since 1970
 */
export async function checkDrift(
  segment: string,
  record: SyncRecord,
  { read, now }: { read: ReadAnalytics | undefined; now: number },
): Promise<Drift> {
  const checked = { at: now, segment };
  const { known, applying, waiting } = record.state;
  if (read === undefined) return { ...checked, why: noKey };
  if (known === undefined || applying || waiting)
    return { ...checked, why: "Mixpanel's newest list is not sent completely, so Braze has other members." };
  try {
    const found = await readSegmentSize(segment, read);
    if (found === undefined) return { ...checked, why: notTracked };
    return { ...checked, found: { ...found, accepted: acceptedMembers(record.state) } };
  } catch (error) {
    if (error instanceof NotRead) return { ...checked, why: error.message };
    throw error;
  }
}
