import { projectTimeZone } from '@braze-mixpanel/core/mixpanel';
import type { ConnectionConfig } from '../../config/config.ts';
import { eventsOf } from '../explain/columns.ts';
import { type Facts, isDropped, type Shift } from '../explain/facts.ts';
import {
  asGoodAsConfigured,
  type DayOfBothSides,
  type FoundOffset,
  findOffset,
  offsetsText,
  offsetsUpTo,
} from '../explain/find-offset.ts';
import type { ExportQuarters } from './mixpanel-facts.ts';
import { type OffsetRange, offsetAt, offsetsOfDays } from './zone-offsets.ts';

type Zones = {
  readonly mixpanel: Pick<ConnectionConfig['mixpanel'], 'timeZone'>;
  readonly braze: Pick<ConnectionConfig['braze'], 'timeZone'>;
};
export type PlainFacts = Omit<Facts, 'company' | 'hasOtherDays' | 'projectShift' | 'companyShift'>;

const daySeconds = 86_400;
/** Names of events whose days are compared, those with the most events. */
const mostNames = 20;
/** The time zones of the world are ahead of UTC by -12 to 14 hours. */
const [least, most] = [-12 * 3_600, 14 * 3_600];
/** Days that begin so many seconds later, or earlier, for a time zone of the setting. */
const offsets = offsetsUpTo(26);

/** Seconds around some UTC days in which events are on one of these days at the company. */
export function companyMargin({ braze }: Zones, days: readonly string[]): { before: number; after: number } {
  const { toUtc } = projectTimeZone(braze.timeZone);
  const first = startOf(days[0]!);
  const end = startOf(days.at(-1)!) + daySeconds;
  return { before: Math.max(0, first - toUtc(first)), after: Math.max(0, toUtc(end) - end) };
}

/**
 * Adds to the facts what belongs to days of the company, and by how much days are shifted where the data show that a
 * time zone of the settings is not that of the vendor.
 */
export function withZones(
  { mixpanel, braze }: Zones,
  facts: readonly PlainFacts[],
  quarters: ExportQuarters,
): Facts[] {
  const watched = largest(facts);
  const [first = ''] = watched.map(({ day }) => day);
  const ofCompany = first === '' ? 0 : offsetOn(braze.timeZone, first);
  const daysOfProject = projectDays(watched, quarters);
  const offsetsOfProject = projectOffsets(mixpanel.timeZone, first);
  const inProject = findOffset(daysOfProject, offsetsOfProject);
  const project = inProject?.offset ?? 0;
  const zone = projectTimeZone(braze.timeZone);
  const configured = (day: string): Span => {
    const first = startOf(day);
    return { from: zone.toUtc(first) + project, to: zone.toUtc(first + daySeconds) + project };
  };
  const inCompany = findOffset(
    companyDays(watched, quarters, configured),
    offsets.filter(each => isOfWorld(ofCompany - each)),
  );
  const days = [...new Set(facts.map(({ day }) => day))];
  const ofProjectOn = inProject && offsetsOfDays(mixpanel.timeZone, inProject, days);
  const ahead =
    ofProjectOn === undefined
      ? asGoodAsConfigured(daysOfProject, offsetsOfProject)
      : deviation(mixpanel.timeZone, ofProjectOn, days);
  const ofCompanyOn = inCompany && offsetsOfDays(braze.timeZone, aheadOf(inCompany, project, ahead), days);
  // Where some days of the project have more and others fewer, without an offset for all, no event is known to be at its
  // time.
  const signs = new Set(daysOfProject.map(({ configured, expected }) => Math.sign(configured - expected)));
  const isProjectKnown = inProject !== undefined || !(signs.has(1) && signs.has(-1));
  // Of a project whose offset is one of several, the company may be as it is set.
  const isCompanyWrong =
    ofCompanyOn !== undefined &&
    isProjectKnown &&
    !days.every(day => {
      const { first, last } = ofCompanyOn(day);
      const set = offsetOn(braze.timeZone, day);
      return first <= set && set <= last;
    });
  const shifted = (day: string): Span => moved(configured(day), inCompany?.offset ?? 0);
  const unique = (event: string, { from, to }: Span) => quarters.unique.between(event, from, to);
  // Events of deleted users are missing on days that they make look shifted: no offset is certain.
  const isCertain = facts.every(({ deleted }) => deleted === undefined);
  const textOf = (range: Parameters<typeof offsetsText>[0]) => (isCertain ? offsetsText(range) : undefined);
  return facts.map(given => {
    const { day, event, mixpanel: exported } = given;
    const span = shifted(day);
    return {
      ...given,
      hasOtherDays: braze.timeZone !== 'UTC' || isCompanyWrong,
      company: quarters.covers(span.from, span.to)
        ? {
            copies: quarters.copies.between(event, span.from, span.to),
            unlisted: quarters.unlisted.between(event, span.from, span.to),
          }
        : partOfDay,
      ...(ofProjectOn !== undefined &&
        !('notKnown' in exported) && {
          projectShift: shiftOf(
            exported.raw - rawOf(quarters, event, moved(utcDay(day), project)),
            !covers(quarters, moved(utcDay(day), project)),
            textOf(ofProjectOn(day)),
          ),
        }),
      ...(isCompanyWrong && {
        companyShift: shiftOf(
          unique(event, configured(day)) - unique(event, span),
          !covers(quarters, span) || !covers(quarters, configured(day)),
          textOf(ofCompanyOn(day)),
        ),
      }),
    };
  });
}

/** Seconds by which the project may be ahead of the time zone of the settings, in order of preference. */
export const projectOffsets = (timeZone: string, day: string): readonly number[] => {
  const set = day === '' ? 0 : offsetOn(timeZone, day);
  return offsets.filter(each => isOfWorld(set + each));
};

export interface Span {
  readonly from: number;
  readonly to: number;
}

const partOfDay = { notKnown: 'A part of the day at the company could not be read.' };
const startOf = (day: string): number => Date.parse(day) / 1_000;
export const utcDay = (day: string): Span => ({ from: startOf(day), to: startOf(day) + daySeconds });
export const moved = ({ from, to }: Span, by: number): Span => ({ from: from + by, to: to + by });
const covers = (quarters: ExportQuarters, { from, to }: Span): boolean => quarters.covers(from, to);
const isOfWorld = (offset: number): boolean => offset >= least && offset <= most;
const shiftOf = (events: number, partly: boolean, offset: string | undefined): Shift => ({
  events,
  partly,
  offset,
});
/** Seconds by which a time zone is ahead of UTC. */
const offsetOn = (timeZone: string, day: string): number => offsetAt(projectTimeZone(timeZone), startOf(day));
/** Seconds by which the project is ahead of the time zone of the settings, on some day. */
function deviation(
  timeZone: string,
  offsetsOn: (day: string) => OffsetRange,
  days: readonly string[],
): OffsetRange {
  const each = days.map(day => ({ set: offsetOn(timeZone, day), ...offsetsOn(day) }));
  return {
    first: each.reduce((least, { set, first }) => Math.min(least, first - set), Number.POSITIVE_INFINITY),
    last: each.reduce((most, { set, last }) => Math.max(most, last - set), Number.NEGATIVE_INFINITY),
  };
}

/**
 * Seconds by which the company is ahead of the time zone of the settings: days that begin later are those of a time
 * zone that is behind. They were found in times of a project that was taken to be `project` seconds ahead of its
 * settings, and may be any of `ofProject` ahead.
 */
const aheadOf = (found: FoundOffset, project: number, ofProject: OffsetRange): OffsetRange => ({
  first: ofProject.first - project - found.last,
  last: ofProject.last - project - found.first,
});

/** Facts of the names with the most events, of days that have ended. Events that Lexicon drops show no time zone. */
function largest(given: readonly PlainFacts[]): PlainFacts[] {
  const facts = given.filter(each => !isDropped(each));
  const totals = new Map<string, number>();
  for (const { event, mixpanel } of facts)
    if (!('notKnown' in mixpanel)) totals.set(event, (totals.get(event) ?? 0) + mixpanel.raw);
  const names = [...totals].sort(([, one], [, other]) => other - one).slice(0, mostNames);
  const wanted = new Set(names.map(([name]) => name));
  return facts.filter(({ event, open }) => wanted.has(event) && !open);
}

const rawOf = ({ unique, copies }: ExportQuarters, event: string, { from, to }: Span): number =>
  unique.between(event, from, to) + copies.between(event, from, to);

/** Imported events and those of the raw export. */
const projectDays = (facts: readonly PlainFacts[], quarters: ExportQuarters): DayOfBothSides[] =>
  facts.flatMap(({ day, event, own, mixpanel, ofOthers }) =>
    'notKnown' in own || 'notKnown' in mixpanel
      ? []
      : [
          {
            event,
            expected: own.imported + ofOthers - mixpanel.renamed,
            configured: mixpanel.raw,
            at(offset) {
              const span = moved(utcDay(day), offset);
              return { events: rawOf(quarters, event, span), partly: !covers(quarters, span) };
            },
          },
        ],
  );

/** Braze's numbers, and the events that it counts of the raw export and of those that were not imported. */
const companyDays = (
  facts: readonly PlainFacts[],
  quarters: ExportQuarters,
  configured: (day: string) => Span,
): DayOfBothSides[] =>
  facts.flatMap(({ day, event, braze, machineOpens, countsUsers, own, pending, mixpanel }) => {
    const expected = eventsOf(braze);
    if (expected === undefined || countsUsers || 'notKnown' in mixpanel) return [];
    if ('notKnown' in own || 'notKnown' in pending) return [];
    const others = [...Object.values(own.skipped), ...Object.values(own.dead), pending.waiting, pending.held];
    const notImported = others.reduce((sum, each) => sum + each, -own.again - pending.again);
    const counted = ({ from, to }: Span) => {
      const events =
        quarters.unique.between(event, from, to) - quarters.unlisted.between(event, from, to) + notImported;
      // Whether opens by machines come is a setting of the Current.
      const withMachines = events + machineOpens;
      return Math.abs(withMachines - expected) < Math.abs(events - expected) ? withMachines : events;
    };
    return [
      {
        event,
        expected,
        configured: counted(configured(day)),
        at(offset) {
          const span = moved(configured(day), offset);
          return { events: counted(span), partly: !covers(quarters, span) };
        },
      },
    ];
  });
