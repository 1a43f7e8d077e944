import type { DayCount } from '@braze-mixpanel/storage';
import { z } from 'zod';
import { causes } from './explain/causes.ts';
import type { ExportCount } from './export-tally.ts';
import { dayOf } from './exports.ts';
import type { ProjectBoundary } from './run/project-boundary.ts';

const perhapsZone = 'Or MIXPANEL_PROJECT_TIMEZONE is wrong, which shows when several days are compared.';
const { meaning, advice } = causes.project_day_boundary;

/** Reasons why the two sides of a comparison may differ. */
export const differences = {
  resent:
    'Mixpanel received some events more than once and shows each once: the service sent them again after a lost response, or Braze sent them again.',
  sent_twice:
    'The same events exist with two different $insert_ids: another sender delivers them too, probably the native integration.',
  imported_meanwhile:
    'Mixpanel received events while the counts were read, or the day has not ended. Compare again after the end of the day.',
  project_day_boundary: `${meaning} ${advice}`,
  from_elsewhere: `Mixpanel has more events than this service delivered: from another sender, or from before this service started counting. ${perhapsZone}`,
  not_yet_there: `Mixpanel has fewer events than were delivered in the last two days: its raw export lags behind. Compare again tomorrow. ${perhapsZone}`,
  missing: `Mixpanel has fewer events than were delivered. Check MIXPANEL_PROJECT_ID. Events may also have been deleted or hidden in Mixpanel. ${perhapsZone}`,
  not_delivered_in_shadow: `Shadow mode delivers nothing, and no other sender delivered these events. ${perhapsZone}`,
} as const;
export type Difference = keyof typeof differences;

/** The reasons as a Markdown table, for the documentation. */
export const differenceTable = (): string =>
  [
    '| Remark | Meaning |',
    '| --- | --- |',
    ...Object.entries(differences).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`),
  ].join('\n');

export const comparedDaySchema = z
  .object({
    day: z.string(),
    event: z.string(),
    /** In our journal before the export: delivered, or in shadow mode events that would have been. */
    ours: z.int(),
    mixpanelRaw: z.int(),
    mixpanelUnique: z.int(),
    /** Whether both sides have the same events, as far as counts can prove it. */
    agrees: z.boolean(),
    why: z.array(z.enum(Object.keys(differences) as Difference[])).readonly(),
  })
  .readonly();

export type ComparedDay = z.output<typeof comparedDaySchema>;

/** The raw export may lack events of the last two days. */
const lagMs = 2 * 86_400_000;

interface DifferenceOptions {
  readonly shadow: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Events of a day and name that may have been in Mixpanel when its export ended: delivered, or in delivery. */
  readonly most: (each: Pick<DayCount, 'day' | 'event'>) => number;
  /** Of days that have ended, where the data show that the project has another time zone. */
  readonly boundary?: ProjectBoundary | undefined;
}

/**
 * Both sides by day and event. They agree when Mixpanel shows at most as many events as we delivered until the export
 * ended, and received at least as many as we had delivered before it: the difference was sent again. Pure.
 */
export function compareDays(
  ours: readonly DayCount[],
  theirs: readonly ExportCount[],
  { shadow, now, most, boundary }: DifferenceOptions,
): ComparedDay[] {
  const key = ({ day, event }: { day: string; event: string }) => `${day} ${event}`;
  const delivered = new Map(ours.map(each => [key(each), each]));
  const exported = new Map(theirs.map(each => [key(each), each]));
  const keys = [...new Set([...delivered.keys(), ...exported.keys()])].sort();
  return keys.map(each => {
    const count = delivered.get(each)?.count ?? 0;
    const { day, event } = (delivered.get(each) ?? exported.get(each))!;
    const { raw = 0, unique = 0, twins = 0 } = exported.get(each) ?? {};
    const mostOurs = Math.max(count, most({ day, event }));
    const more = unique - mostOurs;
    const agrees = more <= 0 && count <= raw;
    const why: Difference[] = [];
    if (raw > unique) why.push('resent');
    if (more > 0 && twins * 2 >= more) why.push('sent_twice');
    // In shadow mode another sender delivers events of an open day, some before they come here.
    else if (more > 0 && !(shadow && day >= dayOf(now))) why.push('from_elsewhere');
    else if (unique > count) why.push('imported_meanwhile');
    if (count > raw) {
      if (shadow) why.push('not_delivered_in_shadow');
      else why.push(now - Date.parse(day) < lagMs ? 'not_yet_there' : 'missing');
    }
    const compared = { day, event, ours: count, mixpanelRaw: raw, mixpanelUnique: unique, agrees };
    if (agrees || boundary === undefined || day >= dayOf(now)) return { ...compared, why };
    const moved = boundary.at({ day, event });
    const isExplained = moved.unique <= mostOurs && (moved.isPart || count <= moved.raw);
    const others = isExplained ? why.filter(each => each === 'resent') : why;
    return { ...compared, why: ['project_day_boundary', ...others] };
  });
}
