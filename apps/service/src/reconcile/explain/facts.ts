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
  /** Of the unique events, those of no campaign or Canvas that Braze lists, where Braze counts by these. */
  readonly unlisted: number;
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
  /** Events that other connections of the service imported into the same project. */
  readonly ofOthers: number;
  readonly lexicon: LexiconFacts | NotKnown;
  /** The day ended less than two days ago. */
  readonly recent: boolean;
  /** The day has not ended. */
  readonly open: boolean;
  /** Events by which the service's own counts moved while the other columns were read. */
  readonly moved: number;
}
