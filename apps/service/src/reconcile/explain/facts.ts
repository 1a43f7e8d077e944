import type { Column } from './columns.ts';

/** A part of the facts that could not be read; a sentence. */
export interface NotKnown {
  readonly notKnown: string;
}

/** What the service itself has of an event name on a UTC day. */
export interface OwnFacts {
  /** Of all events of the day that were completed, those that Mixpanel took. */
  readonly imported: number;
  /** By reason. */
  readonly skipped: Readonly<Record<string, number>>;
  readonly dead: Readonly<Record<string, number>>;
  /** Of all these events, those of back-fills. */
  readonly backfilled: number;
  /** Of the imported events, those that were received on another day. */
  readonly late: number;
  /** Of those that were not imported, the ones that came before, as far as that is known. */
  readonly again: number;
  /** Of all these events, those of users whose kept bodies were removed with them. */
  readonly removed: number;
  /** Events on the day of the company less those on the UTC day. */
  readonly companyShift: number;
}

/** All events of a name and day that were completed. */
export const completedEvents = ({ imported, skipped, dead }: OwnFacts): number =>
  [imported, ...Object.values(skipped), ...Object.values(dead)].reduce((sum, events) => sum + events);

/** Events of a name and day that are not completed yet. */
export interface PendingFacts {
  readonly waiting: number;
  readonly held: number;
  /** Of both, those of back-fills. */
  readonly backfilled: number;
  /** Of both, those whose ID another one has. */
  readonly again: number;
  /** Events on the day of the company less those on the UTC day. */
  readonly companyShift: number;
}

/** What the raw export of Mixpanel has of an event name on a UTC day. */
export interface MixpanelFacts {
  readonly raw: number;
  readonly unique: number;
  /** Of the unique events, those of a user and second that has another one. */
  readonly twins: number;
  /** Events that Mixpanel renamed to `$hotshard_events`. */
  readonly renamed: number;
}

/** What the raw export has of an event name on a day of the company. */
interface CompanyFacts {
  /** Further copies of events. */
  readonly copies: number;
  /** Of the unique events, those of no campaign or Canvas that Braze lists, where Braze counts by these. */
  readonly unlisted: number;
}

/** Events that the time zone of a setting puts on a day, where the data show another time zone. */
export interface Shift {
  /** Those that it puts there, less those that belong there; negative where they are fewer. */
  readonly events: number;
  /** A part of the day as it is with the other time zone was not read, so that `events` is too high or too low. */
  readonly partly: boolean;
  /** The other time zone, such as `UTC+05:30`; absent where events that are missing may hide it. */
  readonly offset?: string | undefined;
}

/** Users whose events of a day and of earlier days Mixpanel deleted at the request of the service. */
export interface DeletedUsers {
  readonly users: number;
  /** Their events of a name and day at most, presumably, beside those that were counted as their bodies were removed. */
  readonly most: number;
  /** Those, of other connections to the project. */
  readonly removedOfOthers: number;
}

/** An event in Lexicon. */
export interface LexiconFacts {
  readonly hidden: boolean;
  readonly dropped: boolean;
}

/** Everything that was observed of one event name on one UTC day. */
export interface Facts {
  readonly day: string;
  readonly event: string;
  /** Braze's own number, of the same day in the time zone of the company. */
  readonly braze: Column;
  /** Of Braze's number, opens by machines. */
  readonly machineOpens: number;
  /** Braze counts users where Currents has each event. */
  readonly countsUsers: boolean;
  readonly own: OwnFacts | NotKnown;
  readonly pending: PendingFacts | NotKnown;
  /** An event of this name came on some day of the period. */
  readonly everReceived: boolean;
  readonly mixpanel: MixpanelFacts | NotKnown;
  readonly company: CompanyFacts | NotKnown;
  /** The days of the company are others than those of UTC. */
  readonly hasOtherDays: boolean;
  /** Of MIXPANEL_PROJECT_TIMEZONE. */
  readonly projectShift?: Shift | undefined;
  /** Of BRAZE_TIMEZONE. */
  readonly companyShift?: Shift | undefined;
  /** Events that other connections of the service imported into the same project. */
  readonly ofOthers: number;
  readonly lexicon: LexiconFacts | NotKnown;
  readonly deleted?: DeletedUsers | undefined;
  /** The day ended less than two days ago. */
  readonly recent: boolean;
  /** The day has not ended. */
  readonly open: boolean;
  /** Events by which the service's own counts moved while the other columns were read. */
  readonly moved: number;
}

/** What the other days of an event show of one of its days. */
export interface PeriodFacts {
  /** Events on the days around it that the service sent again. */
  readonly sentAgain: number;
  /** Imported events on the days around it that Braze sent again, as far as its numbers show it. */
  readonly resent: number;
  /** Mixpanel has events of the days around it that the service did not send. */
  readonly hasExtras: boolean;
  /** Another day shows that the Current leaves out opens by machines. */
  readonly leavesOutMachineOpens: boolean;
  /** A day shows that campaigns were deleted, or events have none. */
  readonly hasUnlisted: boolean;
  /** Dead letters on the days before and after. */
  readonly deadBeside: number;
}

/** Of a day by itself: any copy may be of the service. */
export const noPeriod: PeriodFacts = {
  sentAgain: Number.POSITIVE_INFINITY,
  ...{ resent: 0, hasExtras: false, leavesOutMachineOpens: false, hasUnlisted: false, deadBeside: 0 },
};

/** Whether Lexicon is known to drop the event. */
export const isDropped = ({ lexicon }: Pick<Facts, 'lexicon'>): boolean =>
  !('notKnown' in lexicon) && lexicon.dropped;

/** Dead letters of a day. */
export const deadOn = (facts: Facts | undefined): number =>
  facts === undefined || 'notKnown' in facts.own
    ? 0
    : Object.values(facts.own.dead).reduce((sum, events) => sum + events, 0);
